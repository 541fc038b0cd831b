"""Writes tests of the function or class at the cursor, where the project keeps its tests."""

import os
from collections.abc import Iterator
from pathlib import Path

from cloister.core.outline import Definition, SymbolKind
from cloister.core.text import Span
from cloister.features.editing.conventions import new_test_file
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Addition, Creation, Offer

_FRAMEWORKS = {
    "go": "Use the package `testing` and a table of cases; keep the file's own package.",
    "python": "Use pytest: plain functions, `assert`, `pytest.mark.parametrize`, `pytest.raises`.",
}
_OF_JAVASCRIPT = "Use the test framework that the project uses."
_IN_RUST = "Write a module `#[cfg(test)] mod tests` that begins with `use super::*;`."
_WHAT = "Cover the usual case, the edges and the errors. Expect only what the code says."


def _offers(place: Place) -> Iterator[Offer]:
    definition, path = place.definition, place.read.document.path
    if definition is None or path is None:
        return
    language, title = place.read.language.name, f"Write tests of “{definition.name}”"
    if language == "rust":
        if not _has_tests(place):
            text = f"Write tests of `{definition.name}`. {_IN_RUST} {_WHAT}"
            yield Offer(title, (Addition(definition.span, "tests", text, definition.name),))
    elif file := new_test_file(path, place.root or path.parent, language):
        where = f"{title} in {file.name}"
        yield Offer(where, (_creation(place, definition, path, file),))


def _creation(place: Place, definition: Definition, path: Path, file: Path) -> Creation:
    language = place.read.language.name
    text = (
        f"Write the whole new file {file.name} with tests of `{_full_name(definition)}`. "
        f"{_imported(path, file, place.root, language)}"
        f"{_FRAMEWORKS.get(language, _OF_JAVASCRIPT)} {_WHAT}"
    )
    return Creation(_about(place, definition), file, text, definition.name)


def _about(place: Place, definition: Definition) -> Span:
    """Return the definition with the class that it is a method of."""
    around = place.innermost(frozenset({SymbolKind.CLASS})) if definition.container else None
    return around.span if around else definition.span


def _full_name(definition: Definition) -> str:
    return ".".join(filter(None, (definition.container, definition.name)))


def _imported(path: Path, file: Path, root: Path | None, language: str) -> str:
    match language:
        case "go":
            return ""
        case "python":
            return f"Import it from `{_python_module(path, root)}`. "
        case _:
            there = os.path.relpath(path.with_suffix(""), file.parent).replace(os.sep, "/")
            return f"Import it from `{there if there.startswith('.') else f'./{there}'}`. "


def _python_module(path: Path, root: Path | None) -> str:
    names = [path.stem]
    for folder in path.parents:
        if folder == root or not (folder / "__init__.py").is_file():
            break
        names.append(folder.name)
    return ".".join(reversed(names))


def _has_tests(place: Place) -> bool:
    return any(it.name == "tests" and not it.container for it in place.read.outline.definitions)


ACTION = Action("tests", "refactor", _offers)
