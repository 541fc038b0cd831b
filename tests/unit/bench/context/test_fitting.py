"""Weights that are fitted rank what is needed higher."""

from pathlib import Path

import numpy as np

from bench.context.fitting import FitCase, all_ranks, fit, fit_case, goodness, present_weights
from bench.context.observing import fitted_rows
from cloister.context.sources.similar import similar_chunks
from support.indexed import PACKAGE, Planted
from support.places import asked, found_in

NOTHING = dict.fromkeys(("bias", "relative_score", "local_match", "has_typed"), 0.0)


def case_of(typed: list[float], needed: list[int]) -> FitCase:
    """Return a case of one name for each line; `typed` says which lines have what is typed."""
    evidence = [[1.0, 0.5, 0.5, each] for each in typed]
    numbers = range(len(typed))
    return FitCase(
        sources=["similar"] * len(typed),
        evidence=np.array(evidence),
        log_odds=np.zeros(len(typed)),
        pairs=np.array([(number, number) for number in numbers]),
        kinship=np.ones(len(typed)),
        needed=needed,
    )


def test_what_distinguishes_needed_names_is_found() -> None:
    cases = [case_of([0, 0, 1], [2]), case_of([1, 0, 0], [0])]
    before = NOTHING | {"has_typed": -0.25}
    fitted = fit(cases, before)
    assert all_ranks(cases, before) == [2, 2]
    assert all_ranks(cases, fitted) == [0, 0]
    assert fitted["has_typed"] > 0
    assert goodness(cases, fitted) == 1.0 > goodness(cases, before)


def test_a_name_that_nothing_has_lowers_what_can_be_reached() -> None:
    assert goodness([case_of([1, 0], [0, -1])], NOTHING) == 0.5


def test_fitting_never_makes_it_worse() -> None:
    cases = [case_of([1, 0, 0], [2])]
    rows = {row.measure: row for row in fitted_rows(cases)}
    worth = rows["worth of all ranks"]
    assert worth.floor is not None
    assert worth.ours >= worth.floor


def test_cases_hold_what_the_sources_find(tmp_path: Path) -> None:
    with Planted(tmp_path, PACKAGE) as planted:
        planted.build()
        query = asked("from shop.model import Item\n\nitem = Item()\nitem.║\n")
        found = found_in(planted, query)
        chunks = list(similar_chunks(found.query, planted.index))
        case = fit_case(found, chunks, ["double_price", "nowhere"])
    assert case.needed[1] == -1
    (rank,) = all_ranks([case], present_weights([case]))
    assert rank < 5
