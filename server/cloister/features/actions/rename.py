"""Gives a function, class, parameter or variable a name that says what it is."""

from collections.abc import Iterator

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Naming, Offer
from cloister.syntax.identifiers import identifiers_in
from cloister.syntax.local_names import LocalName, local_name_at

_MOST_USES_SHOWN = 6
_MOST_LINE_CHARS = 200
# Names with a fixed meaning, which other code relies on.
_CUSTOMARY = frozenset({"_", "cls", "constructor", "init", "main", "self", "this"})


def _offers(place: Place) -> Iterator[Offer]:
    definition = _definition_at(place)
    local = None if definition else _local_at(place)
    if definition:
        naming = _of_definition(place, definition)
    elif local:
        naming = _of_local(place, local)
    else:
        return
    if naming.name not in _CUSTOMARY and not naming.name.startswith("__"):
        yield Offer(f"Rename “{naming.name}” to a better name", (naming,))


def _definition_at(place: Place) -> Definition | None:
    """Return the definition whose name is at the place, or stands behind it in the same line."""
    for it in place.read.outline.definitions:
        name = it.name_span
        is_before = it.span.start <= place.span.start <= name.end and place.span.end <= name.end
        if is_before and place.text.line_of(place.span.start) == place.text.line_of(name.start):
            return it
    return None


def _local_at(place: Place) -> LocalName | None:
    """Return the local name that the cursor touches, or that is selected as a whole."""
    local = local_name_at(place.read.parsed, place.span.start)
    if local is None:
        return None
    touched = (it.span for it in local.uses if it.span.start <= place.span.start <= it.span.end)
    return local if any(place.span.end <= span.end for span in touched) else None


def _of_definition(place: Place, definition: Definition) -> Naming:
    text = f"Find a better name for `{definition.name}`: one that says what it is or does."
    said = "\n".join(_uses_elsewhere(place, definition))
    if said:
        text = f"{text}\nIt is used in these lines:\n{said}"
    written, kind = definition.name_span, definition.kind
    return Naming(definition.span, text, definition.name, written, said, kind)


def _of_local(place: Place, local: LocalName) -> Naming:
    written = next(it.span for it in local.uses if it.span.start <= place.span.start <= it.span.end)
    text = f"Find a better name for `{local.name}`: one that says what it holds."
    around = place.function.span if place.function else local.scope
    return Naming(around, text, local.name, written, local=local)


def _uses_elsewhere(place: Place, definition: Definition) -> Iterator[str]:
    """Yield the first lines around a definition that name it."""
    whole = Span(0, len(place.text))
    numbers = {
        place.text.line_of(it.span.start)
        for it in identifiers_in(place.read.parsed, whole)
        if it.name == definition.name
        and not definition.span.start <= it.span.start < definition.span.end
    }
    for number in sorted(numbers)[:_MOST_USES_SHOWN]:
        yield place.text.line(number).strip()[:_MOST_LINE_CHARS]


ACTION = Action("rename", "refactor.rewrite", _offers)
