"""Which methods make an object of their class."""

from cloister.core.outline import Definition

_NAMES = frozenset({"__construct", "__init__", "constructor", "init", "initialize", "this"})


def is_constructor(definition: Definition) -> bool:
    """Return whether a definition has the name that constructors have."""
    container = definition.container.rpartition(".")[2]
    return bool(container) and definition.name in {*_NAMES, container}
