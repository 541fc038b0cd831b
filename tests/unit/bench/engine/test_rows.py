"""What the table says about measurements: ratios, targets, and what is not measured."""

import json
from dataclasses import asdict

import pytest
from inline_snapshot import snapshot

from bench.engine.cost import Cost, spread_of, tokens_per_second
from bench.engine.floor import Floor
from bench.engine.recording import KeyKind
from bench.engine.rows import (
    Measurements,
    evaluated_beyond_typing,
    rows_of,
    typed_after_typing,
)
from bench.report import as_json
from bench.rows import Row
from bench.table import target_of

KINDS = [KeyKind(name) for name in ("jump", "type", "type", "type", "delete", "type")]


def cost(milliseconds: float, evaluated: int, **rest: float) -> Cost:
    return Cost(milliseconds, 1000, evaluated, **rest)  # type: ignore[arg-type]  # counts are whole


OURS = [cost(20.0, n, engine_ms=19.0) for n in (40, 3, 2, 2, 1, 3)]
TOUR = [cost(30.0, n, engine_ms=25.0) for n in (1, 500, 500, 500, 2)]
LONG = [cost(20.0, 5, writing_ms=1000.0, written_tokens=60)] * 2
ALONE = Measurements(KINDS, OURS, TOUR, prose=LONG, repeating=LONG, window_bytes=50_000_000)
COMPARED = Measurements(
    KINDS,
    OURS,
    TOUR,
    prose=LONG,
    repeating=LONG,
    window_bytes=130_000_000,
    peers=[cost(410.0, 250)] * len(KINDS),
    peer_tour=[cost(410.0, 900)] * len(TOUR),
    floor=Floor(reading=200.0, writing=50.0, writing_behind={0: 50.0, 1000: 40.0}),
    direct_ms=17.5,
)


def lines(measurements: Measurements) -> list[str]:
    return [
        f"{row.measure}: {row.ours:g} {row.unit}, ratio {row.ratio}, {target_of(row)}: {row.met}"
        for row in rows_of(measurements)
    ]


def test_every_measure_is_compared_with_its_target() -> None:
    assert lines(COMPARED) == snapshot(
        [
            "evaluated for one typed character, p50: 2 tokens, ratio None, : None",
            "evaluated for one typed character, most: 2 tokens, ratio None, : None",
            "evaluated for 6 keystrokes, p50: 2.5 tokens, ratio None, : None",
            "evaluated for 6 keystrokes, p95: 30.75 tokens, ratio None, at most 64: True",
            "evaluated for 6 keystrokes, most: 40 tokens, ratio None, : None",
            "evaluated beyond what a character adds, most: 2 tokens, ratio None, at most 2: True",
            "first token over one forward pass, p50: 20 ms, ratio 1.0, at most 1.6x: True",
            "first token over one forward pass, p95: 20 ms, ratio 1.0, : None",
            "first token over one pass that deep, p50: 20 ms, ratio 0.8, at most 1.6x: True",
            "first token against llama-server, p50: 20 ms, ratio 20.5, at least 20x: True",
            "first token against llama-server, p95: 20 ms, ratio 20.5, at least 10x: True",
            "engine's time on top of llama.cpp's, p50: 1.5 ms, ratio None, at most 3: True",
            "read, new document: 20000 tokens/s, ratio 100.0, : None",
            "written, prose: 60 tokens/s, ratio 1.2, at least 0.95x: True",
            "written, prose, that deep: 60 tokens/s, ratio 1.5, at least 0.95x: True",
            "written, repeating: 60 tokens/s, ratio 1.2, at least 1.5x: False",
            "written, repeating, that deep: 60 tokens/s, ratio 1.5, at least 1.5x: True",
            "evaluated on return to one of 4 documents: 2 tokens, ratio None, at most 3: True",
            "memory for a second window: 130 MB, ratio None, at most 120: False",
        ]
    )


def test_what_was_not_measured_has_no_row() -> None:
    assert lines(ALONE) == snapshot(
        [
            "evaluated for one typed character, p50: 2 tokens, ratio None, : None",
            "evaluated for one typed character, most: 2 tokens, ratio None, : None",
            "evaluated for 6 keystrokes, p50: 2.5 tokens, ratio None, : None",
            "evaluated for 6 keystrokes, p95: 30.75 tokens, ratio None, at most 64: True",
            "evaluated for 6 keystrokes, most: 40 tokens, ratio None, : None",
            "evaluated beyond what a character adds, most: 2 tokens, ratio None, at most 2: True",
            "read, new document: 20000 tokens/s, ratio None, : None",
            "written, prose: 60 tokens/s, ratio None, : None",
            "written, repeating: 60 tokens/s, ratio None, : None",
            "evaluated on return to one of 4 documents: 2 tokens, ratio None, at most 3: True",
            "memory for a second window: 50 MB, ratio None, at most 120: True",
        ]
    )


def test_only_characters_typed_after_others_count_as_warm() -> None:
    assert typed_after_typing(KINDS, OURS) == [OURS[2], OURS[3]]


def test_tokens_that_a_character_adds_are_not_beyond_it() -> None:
    costs = [
        Cost(1.0, 9, evaluated, added_tokens=added)
        for evaluated, added in [(9, 0), (1, 0), (4, 3), (8, 0)]
    ]
    assert evaluated_beyond_typing([KeyKind.TYPE] * 4, costs) == [1, 1, 8]


def test_speed_counts_what_came_after_the_first_piece() -> None:
    assert tokens_per_second(LONG) == 60.0


def test_a_spread_has_the_middle_the_tail_and_the_most() -> None:
    spread = spread_of(list(range(101)))
    assert (spread.p50, spread.p95, spread.most) == (50, 95, 100)


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("a", "ms", 5.0, at_most=5), True),
        (Row("a", "ms", 5.1, at_most=5), False),
        (Row("a", "ms", 5.0, ratio=20.0, at_least=20), True),
        (Row("a", "ms", 5.0, ratio=19.9, at_least=20), False),
        (Row("a", "ms", 5.0), None),
    ],
)
def test_a_target_bounds_the_ratio_where_there_is_one(row: Row, met: bool | None) -> None:  # noqa: FBT001  # the expectation
    assert row.met is met


def test_json_has_the_rows_and_every_key() -> None:
    document = json.loads(as_json({"model": "some"}, asdict(COMPARED), rows_of(COMPARED)))
    assert document["facts"] == {"model": "some"}
    assert len(document["rows"]) == len(rows_of(COMPARED))
    assert document["measurements"]["kinds"] == KINDS
    evaluated = [entry["evaluated_tokens"] for entry in document["measurements"]["ours"]]
    assert evaluated == [40, 3, 2, 2, 1, 3]
