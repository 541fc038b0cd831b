"""Explains the selection or the definition at the cursor, in prose."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Inquiry, Offer

_TEXT = (
    "Explain this code to a programmer who sees it for the first time: what it is for, how it does "
    "it, and what is easily overlooked."
)


def _offers(place: Place) -> Iterator[Offer]:
    if place.selected.strip():
        yield Offer("Explain the selection", (Inquiry(place.span, _TEXT),))
    elif definition := place.definition:
        yield Offer(f"Explain “{definition.name}”", (Inquiry(definition.span, _TEXT),))


ACTION = Action("explain", "explain", _offers)
