"""What the table says about measurements: floors, ratios and targets."""

from dataclasses import replace

from inline_snapshot import snapshot

from bench.index.changes import Saved, Switched
from bench.index.parse_pass import ParsePass
from bench.index.questions import Answers
from bench.index.rows import Cold, Measurements, Memory, Warm, rows_of
from bench.table import target_of

MEASURED = Measurements(
    parses=[ParsePass(1000, 8_000_000, 3.0, 3.0), ParsePass(1000, 8_000_000, 5.0, 5.0)],
    cold=Cold(seconds=5.0, processor_seconds=8.0, database_bytes=10_000_000),
    memory=Memory(without=40_000_000, indexing=360_000_000, resting=90_000_000),
    answers=Answers([1.0, 2.0, 9.0], [0.5, 0.5, 0.5], [0.1, 0.1, 0.1]),
    warm=Warm([0.9, 0.3, 0.4], [0.1, 0.05, 0.1]),
    saved=Saved([20.0, 30.0, 40.0], [4.0, 5.0, 6.0]),
    switched=Switched(200, 2.5, 1.25),
)


def lines(measurements: Measurements) -> list[str]:
    return [
        f"{row.measure}: {row.ours:g} {row.unit}, floor {row.floor:g}, ratio {row.ratio}, "
        f"{target_of(row)}: {row.met}"
        for row in rows_of(measurements)
    ]


def test_every_measure_is_compared_with_its_floor_and_target() -> None:
    assert lines(MEASURED) == snapshot(
        [
            "new index over parsing alone: 5 s, floor 4, ratio 1.25, at most 1.5x: True",
            "the same, processor time: 8 s, floor 4, ratio 2.0, : None",
            "speed of a new index: 200 files/s, floor 250, ratio 0.8, : None",
            "database over its sources: 10 MB, floor 8, ratio 1.25, : None",
            "start without changes: 0.4 s, floor 0.1, ratio None, at most 1: True",
            "saved file in an answer, p50: 30 ms, floor 5, ratio None, : None",
            "saved file in an answer, p95: 39 ms, floor 5.9, ratio None, at most 100: True",
            "200 files changed at once: 2.5 s, floor 1.25, ratio 2.0, : None",
            "memory, making it: 360 MB, floor 40, ratio None, at most 350: False",
            "memory, keeping it: 90 MB, floor 40, ratio None, at most 350: True",
            "similar, 30 words, p50: 2 ms, floor 0.1, ratio None, : None",
            "similar, 30 words, p95: 8.3 ms, floor 0.1, ratio None, at most 3: False",
            "symbols_named, 30 words, p50: 0.5 ms, floor 0.1, ratio None, : None",
            "symbols_named, 30 words, p95: 0.5 ms, floor 0.1, ratio None, at most 3: True",
        ]
    )


def test_memory_has_no_rows_where_the_system_does_not_tell() -> None:
    rows = rows_of(replace(MEASURED, memory=None))
    assert [row for row in rows if "memory" in row.measure] == []
    assert len(rows) == len(rows_of(MEASURED)) - 2
