"""Writes the message of the commit that is being prepared; offered in git's own file, no code."""

from collections.abc import Iterable

from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Offer


def _offers(_place: Place) -> Iterable[Offer]:
    return ()


ACTION = Action("commit-message", "refactor", _offers)
