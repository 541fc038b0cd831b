"""The results: each measure beside its floor and the target that it must meet. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bench.engine.cost import spread_of
from bench.index.changes import Saved, Switched
from bench.index.parse_pass import ParsePass
from bench.index.questions import N_WORDS, Answers
from bench.rows import Row

_MEGABYTE = 1_000_000
_MOST_COLD_RATIO = 1.5
_MOST_WARM_SECONDS = 1
_MOST_SAVED_MS = 100
_MOST_MEGABYTES = 350
_MOST_ANSWER_MS = 3


@dataclass(frozen=True, slots=True)
class Cold:
    """What making the index took: wall time, and processor time of all its processes."""

    seconds: float
    processor_seconds: float
    database_bytes: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of the front-end, the worker and its pool, in bytes.

    `without` is the front-end alone, `indexing` the most while the index is made, `resting` what is
    left when it answers questions.
    """

    without: int
    indexing: int
    resting: int


@dataclass(frozen=True, slots=True)
class Warm:
    """Seconds of each start without changes, and of a bare interpreter that looks at every file."""

    seconds: Sequence[float]
    floor_seconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything that one run measured; `parses` were before and after `cold`.

    `memory` is None where the system does not tell.
    """

    parses: Sequence[ParsePass]
    cold: Cold
    memory: Memory | None
    answers: Answers
    warm: Warm
    saved: Saved
    switched: Switched


def rows_of(it: Measurements) -> list[Row]:
    """Return all rows in the order in which a person reads them."""
    return [*_cold_rows(it), *_fresh_rows(it), *_memory_rows(it.memory), *_answer_rows(it.answers)]


def _cold_rows(it: Measurements) -> Iterator[Row]:
    n_files, n_bytes, cold = it.parses[0].n_files, it.parses[0].n_bytes, it.cold
    parse = fmean(each.seconds for each in it.parses)
    processor = fmean(each.processor_seconds for each in it.parses)
    yield _over_floor("new index over parsing alone", "s", cold.seconds, parse, _MOST_COLD_RATIO)
    yield _over_floor("the same, processor time", "s", cold.processor_seconds, processor)
    yield _over_floor("speed of a new index", "files/s", n_files / cold.seconds, n_files / parse)
    megabytes = (cold.database_bytes / _MEGABYTE, n_bytes / _MEGABYTE)
    yield _over_floor("database over its sources", "MB", *megabytes)


def _fresh_rows(it: Measurements) -> Iterator[Row]:
    warm, floor = median(it.warm.seconds), median(it.warm.floor_seconds)
    yield Row("start without changes", "s", warm, floor=floor, at_most=_MOST_WARM_SECONDS)
    ours, analysis = spread_of(it.saved.visible_ms), spread_of(it.saved.analysis_ms)
    for part, limit in {"p50": None, "p95": _MOST_SAVED_MS}.items():
        floor = getattr(analysis, part)
        yield Row(
            f"saved file in an answer, {part}",
            "ms",
            getattr(ours, part),
            None,
            floor,
            at_most=limit,
        )
    name = f"{it.switched.n_files} files changed at once"
    yield _over_floor(name, "s", it.switched.seconds, it.switched.parse_seconds)


def _memory_rows(memory: Memory | None) -> Iterator[Row]:
    if memory is None:
        return
    floor = memory.without / _MEGABYTE
    for name, number in {"making": memory.indexing, "keeping": memory.resting}.items():
        megabytes = number / _MEGABYTE
        yield Row(f"memory, {name} it", "MB", megabytes, floor=floor, at_most=_MOST_MEGABYTES)


def _answer_rows(answers: Answers) -> Iterator[Row]:
    floor = spread_of(answers.lookup_ms)
    for name, numbers in {"similar": answers.similar_ms, "symbols_named": answers.named_ms}.items():
        spread = spread_of(numbers)
        for part, limit in {"p50": None, "p95": _MOST_ANSWER_MS}.items():
            yield Row(
                f"{name}, {N_WORDS} words, {part}",
                "ms",
                getattr(spread, part),
                floor=getattr(floor, part),
                at_most=limit,
            )


def _over_floor(
    name: str, unit: str, ours: float, floor: float, at_most: float | None = None
) -> Row:
    return Row(name, unit, ours, floor=floor, ratio=ours / floor, at_most=at_most)
