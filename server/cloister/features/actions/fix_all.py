"""Fixes everything that other tools report of a file, place by place."""

from collections.abc import Iterator
from itertools import islice

from cloister.features.editing.place import Place
from cloister.features.editing.repairing import repairs
from cloister.features.editing.task import Action, Offer, Series

_MOST_PROBLEMS = 50
_MOST_PLACES = 20


def _offers(place: Place) -> Iterator[Offer]:
    first = place.problems[:_MOST_PROBLEMS]
    series = Series(tuple(islice(repairs(place, first), _MOST_PLACES)))
    n = sum(it.n_problems for it in series.repairs)
    if n:
        some = "the first " if n < len(place.problems) else ""
        yield Offer(f"Fix {some}{n} problem{'s' if n > 1 else ''} in this file", (series,))


# Editors list it with the source actions; who wants it with each save has to name it.
ACTION = Action("fix-all", "source.fixAll.cloister", _offers)
