from inline_snapshot import snapshot

from bench.generation.figures import Row, rows_of
from bench.generation.lines import Attempt, Way

PLAIN, HEALED = Way(heals=False, hypotheses=1), Way(heals=True, hypotheses=2)


def attempt(way: Way, probability: float, *, in_word: bool, is_exact: bool, ms: float) -> Attempt:
    return Attempt(in_word, way, is_exact, False, probability, 4, ms)


def test_each_way_has_a_row_at_each_kind_of_place_and_everywhere() -> None:
    rows = rows_of(
        [
            attempt(PLAIN, 0.5, in_word=True, is_exact=False, ms=1.0),
            attempt(HEALED, 0.5, in_word=True, is_exact=True, ms=3.0),
            attempt(PLAIN, 0.05, in_word=False, is_exact=True, ms=2.0),
            attempt(HEALED, 0.1, in_word=False, is_exact=True, ms=5.0),
        ],
        0.1,
    )
    assert rows == snapshot(
        [
            Row("in a word", False, 1, 1, 0.0, 1.0, 0.0, 0.0, 4.0, 1.0),
            Row("in a word", True, 2, 1, 1.0, 1.0, 1.0, 1.0, 4.0, 3.0),
            Row("elsewhere", False, 1, 1, 1.0, 0.0, 0.0, 0.0, 4.0, 2.0),
            Row("elsewhere", True, 2, 1, 1.0, 1.0, 1.0, 1.0, 4.0, 5.0),
            Row("everywhere", False, 1, 2, 0.5, 0.5, 0.0, 0.0, 4.0, 1.5),
            Row("everywhere", True, 2, 2, 1.0, 1.0, 1.0, 1.0, 4.0, 4.0),
        ]
    )


def test_an_empty_line_is_not_shown() -> None:
    (row, _) = rows_of([Attempt(True, PLAIN, False, True, 1.0, 1, 1.0)], 0.1)
    assert (row.shown, row.precise, row.right) == (0, 0, 0)
