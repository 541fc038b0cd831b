"""Does with the selection, or the function at the cursor, what the person says."""

from collections.abc import Iterator

from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer

_ANYTHING = Promise(signature=False, comments=False, definitions=False)


def _offers(place: Place) -> Iterator[Offer]:
    if place.selected.strip():
        yield Offer("Edit the selection by instruction", (_unsaid(place.span),))
    elif definition := place.definition:
        yield Offer(f"Edit “{definition.name}” by instruction", (_unsaid(definition.span),))


def _unsaid(span: Span) -> Instruction:
    return Instruction(span, "", promise=_ANYTHING)


ACTION = Action("edit", "refactor.rewrite", _offers, asks=True)
