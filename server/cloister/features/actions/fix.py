"""Fixes what another tool reports, whichever language server says it."""

from collections.abc import Iterator

from cloister.features.editing.place import Place
from cloister.features.editing.repairing import repair
from cloister.features.editing.task import Action, Offer

_MOST_OFFERS = 5
_MOST_TITLE_CHARS = 60


def _offers(place: Place) -> Iterator[Offer]:
    for problem in place.problems_here[:_MOST_OFFERS]:
        message = " ".join(problem.message.split())
        short = message[:_MOST_TITLE_CHARS] + ("…" if len(message) > _MOST_TITLE_CHARS else "")
        yield Offer(f"Fix “{short}”", (repair(place, problem),))


ACTION = Action("fix", "quickfix", _offers)
