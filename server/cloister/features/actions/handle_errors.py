"""Handles errors and edge cases that a function leaves out."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer

_TEXT = (
    "Handle the errors and edge cases that this function leaves out, in the way the file handles "
    "others: invalid arguments, empty input, resources that cannot be opened. Add nothing for "
    "cases that cannot happen."
)


def _offers(place: Place) -> Iterator[Offer]:
    if function := place.function:
        yield Offer(f"Handle errors in “{function.name}”", (Instruction(function.span, _TEXT),))


ACTION = Action("handle-errors", "refactor.rewrite", _offers)
