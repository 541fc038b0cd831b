"""Extracts the selected code into a function or a variable with a name of the model's choice."""

from collections.abc import Iterator

from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer

_NEW_DEFINITION = Promise(definitions=False)


def _offers(place: Place) -> Iterator[Offer]:
    selected, function = place.selected.strip(), place.function
    if not selected or function is None:
        return
    what = f"this part of `{function.name}`:\n{selected}\n"
    if "\n" in selected or selected.endswith((";", "}")):
        text = f"Extract {what}into a new function beside it, with a telling name, and call it."
        yield _offer("Extract the selection into a function", function.span, text)
    else:
        text = (
            f"Extract {what}into a variable before its statement, with a telling name, and use it."
        )
        yield _offer("Extract the selection into a variable", function.span, text)


def _offer(title: str, span: Span, text: str) -> Offer:
    return Offer(title, (Instruction(span, text, promise=_NEW_DEFINITION),))


ACTION = Action("extract", "refactor.extract", _offers)
