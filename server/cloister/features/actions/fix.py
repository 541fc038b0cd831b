"""Fixes what another tool reports, whichever language server says it."""

from collections.abc import Iterator

from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place, Problem
from cloister.features.editing.task import Action, Instruction, Offer

_MOST_OFFERS = 5
_MOST_TITLE_CHARS = 60
_MOST_MESSAGE_CHARS = 1_000
_MAY_CHANGE = Promise(signature=False)


def _offers(place: Place) -> Iterator[Offer]:
    for problem in place.problems[:_MOST_OFFERS]:
        message = " ".join(problem.message.split())
        short = message[:_MOST_TITLE_CHARS] + ("…" if len(message) > _MOST_TITLE_CHARS else "")
        line = place.text.line(place.text.line_of(problem.span.start)).strip()
        says = f" ({problem.source})" if problem.source else ""
        text = (
            f"Fix this problem{says}: {message[:_MOST_MESSAGE_CHARS]}\n"
            f"It is reported in the line `{line[:_MOST_MESSAGE_CHARS]}`. "
            "Change as little as possible."
        )
        task = Instruction(_around(place, problem), text, message, promise=_MAY_CHANGE)
        yield Offer(f"Fix “{short}”", (task,))


def _around(place: Place, problem: Problem) -> Span:
    """Return the function that the problem is in, or its own lines."""
    within = Place(place.read, problem.span).function
    return within.span if within else problem.span


ACTION = Action("fix", "quickfix", _offers)
