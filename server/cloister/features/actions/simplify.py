"""Makes code simpler without changing what it does."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer

_TEXT = (
    "Simplify this code: fewer branches, fewer variables, what the language has built in. "
    "What it does must stay exactly the same."
)


def _offers(place: Place) -> Iterator[Offer]:
    if place.selected.strip():
        yield Offer("Simplify the selection", (Instruction(place.span, _TEXT),))
    elif function := place.function:
        yield Offer(f"Simplify “{function.name}”", (Instruction(function.span, _TEXT),))


ACTION = Action("simplify", "refactor.rewrite", _offers)
