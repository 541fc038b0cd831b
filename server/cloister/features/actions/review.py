"""Reviews the selection or the definition at the cursor, in prose."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Inquiry, Offer

_TEXT = (
    "Review this code. Name mistakes, cases that it does not handle and risks, the worst first, "
    "each with its line as it is written and what to do instead. Say nothing about style. If there "
    "is nothing, say so."
)


def _offers(place: Place) -> Iterator[Offer]:
    if place.selected.strip():
        yield Offer("Review the selection", (Inquiry(place.span, _TEXT),))
    elif definition := place.definition:
        yield Offer(f"Review “{definition.name}”", (Inquiry(definition.span, _TEXT),))


ACTION = Action("review", "explain.review", _offers)
