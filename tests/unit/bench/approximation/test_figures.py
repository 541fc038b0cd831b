from dataclasses import asdict

import pytest
from inline_snapshot import snapshot

from bench.approximation.figures import rows_of
from bench.approximation.outcomes import Comparison, Outcome
from bench.approximation.trials import Measure

TRUTH = Outcome((1, 2), "return x  ", -1.0)
OTHER = Outcome((1, 3), "return y", -1.5)
STRANGE = Outcome((4,), "pass", -2.0)


def comparison(
    measure: Measure,
    outcome: Outcome,
    drift_tokens: int = 10,
    *,
    reference: Outcome = TRUTH,
    moved: bool = True,
) -> Comparison:
    return Comparison(
        measure=measure,
        amount=40,
        fresh_tokens=32,
        moved=moved,
        drift_tokens=drift_tokens,
        evaluated_tokens=50,
        prompt_tokens=600,
        truth="return x",
        reference=reference,
        outcome=outcome,
    )


def test_a_row_sums_up_the_comparisons_of_one_kind() -> None:
    (row,) = rows_of(
        [
            comparison(Measure.TYPED, TRUTH),
            comparison(Measure.TYPED, OTHER, drift_tokens=20),
            comparison(Measure.TYPED, STRANGE),
            comparison(Measure.TYPED, TRUTH, reference=OTHER),
        ]
    )
    assert asdict(row) == snapshot(
        {
            "measure": Measure.TYPED,
            "amount": 40,
            "fresh_tokens": 32,
            "n_cases": 4,
            "first_token": 0.75,
            "line": 0.25,
            "exact_reference": 0.75,
            "exact": 0.5,
            "reference_nats": -1.125,
            "gain_nats": -0.25,
            "error_nats": 0.3227486121839514,
            "mean_change_nats": 0.5,
            "largest_change_nats": 1.0,
            "drift_tokens": 12.5,
            "evaluated_tokens": 50.0,
            "prompt_tokens": 600.0,
        }
    )


def test_what_could_not_be_moved_is_not_counted() -> None:
    assert rows_of([comparison(Measure.JUMP, TRUTH, moved=False)]) == []
    (row,) = rows_of([comparison(Measure.BEHIND, TRUTH, moved=False)])
    assert row.n_cases == 1


@pytest.mark.parametrize(
    ("drift_tokens", "least"),
    [(0, 0), (99, 0), (100, 100), (399, 200), (400, 400), (800, 800), (5000, 800)],
)
def test_tours_are_put_together_by_their_drift(drift_tokens: int, least: int) -> None:
    (row,) = rows_of([comparison(Measure.TOUR, OTHER, drift_tokens)])
    assert (row.amount, row.drift_tokens) == (least, drift_tokens)


def test_rows_come_in_the_order_of_the_measures() -> None:
    rows = rows_of([comparison(measure, TRUTH) for measure in reversed(Measure)])
    assert [row.measure for row in rows] == list(Measure)
