"""Reviews the selection or the definition at the cursor: says of single lines what is wrong."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Offer, Review

_TEXT = (
    "Review this code. Name mistakes, cases that it does not handle and risks. "
    "Say nothing about style."
)


def _offers(place: Place) -> Iterator[Offer]:
    if place.selected.strip():
        yield Offer("Review the selection", (Review(place.span, _TEXT),))
    elif definition := place.definition:
        yield Offer(f"Review “{definition.name}”", (Review(definition.span, _TEXT),))


ACTION = Action("review", "explain.review", _offers)
