"""The results: each measure beside the peer, the floor and the target that it must meet. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.engine.cost import (
    Cost,
    Spread,
    median_prompt_tokens,
    spread_of,
    tokens_per_second,
)
from bench.engine.floor import Floor
from bench.engine.recording import KeyKind
from bench.rows import Row

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything that one run measured; what is None or empty was not.

    `kinds`, `ours` and `peers` go key by key. A tour visits four documents and then the first one
    again. `prose` and `repeating` are long answers. `direct_ms` is llama.cpp's own time for a typed
    character, `window_bytes` what a second editor window adds.
    """

    kinds: Sequence[KeyKind]
    ours: Sequence[Cost]
    tour: Sequence[Cost]
    prose: Sequence[Cost]
    repeating: Sequence[Cost]
    window_bytes: int | None
    peers: Sequence[Cost] = ()
    peer_tour: Sequence[Cost] = ()
    floor: Floor | None = None
    direct_ms: float | None = None


def rows_of(it: Measurements) -> list[Row]:
    """Return all rows that could be measured, in the order in which a person reads them."""
    return [*_token_rows(it), *_latency_rows(it), *_speed_rows(it), *_other_rows(it)]


def typed_after_typing(kinds: Sequence[KeyKind], costs: Sequence[Cost]) -> list[Cost]:
    """Return the costs of characters typed right after another one: nothing else has changed."""
    return [
        cost
        for before, kind, cost in zip(kinds, kinds[1:], costs[1:], strict=False)
        if before is kind is KeyKind.TYPE
    ]


def evaluated_beyond_typing(kinds: Sequence[KeyKind], costs: Sequence[Cost]) -> list[int]:
    """Return what characters typed right after another one cost beyond what they added."""
    typed = typed_after_typing(kinds, costs)
    return [cost.evaluated_tokens - cost.added_tokens for cost in typed]


def _token_rows(it: Measurements) -> Iterator[Row]:
    typed, typed_by_peer = (
        typed_after_typing(it.kinds, costs) if costs else [] for costs in (it.ours, it.peers)
    )
    most_beyond = max(evaluated_beyond_typing(it.kinds, it.ours))
    for name, ours, theirs, limits in [
        ("one typed character", typed, typed_by_peer, {"p50": None, "most": None}),
        (f"{len(it.ours)} keystrokes", it.ours, it.peers, {"p50": None, "p95": 64, "most": None}),
    ]:
        spread, peer = _evaluated(ours), _evaluated(theirs) if theirs else None
        for part, limit in limits.items():
            number, other = getattr(spread, part), getattr(peer, part, None)
            yield Row(f"evaluated for {name}, {part}", "tokens", number, other, at_most=limit)
    yield Row(
        "evaluated beyond what a character adds, most",
        "tokens",
        most_beyond,
        at_most=2,
    )


def _latency_rows(it: Measurements) -> Iterator[Row]:
    ours = spread_of([cost.first_token_ms for cost in it.ours])
    name = "first token"
    if it.floor:
        for part, limit in {"p50": 1.6, "p95": None}.items():
            number = getattr(ours, part)
            ratio = number / it.floor.pass_ms
            measure = f"{name} over one forward pass, {part}"
            yield Row(measure, "ms", number, None, it.floor.pass_ms, ratio, at_most=limit)
        pass_ms = 1000 / it.floor.writing_behind[median_prompt_tokens(it.ours)]
        measure = f"{name} over one pass that deep, p50"
        yield Row(measure, "ms", ours.p50, None, pass_ms, ours.p50 / pass_ms, at_most=1.6)
    if it.peers:
        peer = spread_of([cost.first_token_ms for cost in it.peers])
        for part, limit in {"p50": 20, "p95": 10}.items():
            number, other = getattr(ours, part), getattr(peer, part)
            measure = f"{name} against llama-server, {part}"
            yield Row(measure, "ms", number, other, ratio=other / number, at_least=limit)
    if it.direct_ms is not None:
        engine_ms = [cost.engine_ms for cost in typed_after_typing(it.kinds, it.ours)]
        added = spread_of(engine_ms).p50 - it.direct_ms
        yield Row("engine's time on top of llama.cpp's, p50", "ms", added, at_most=3)


def _speed_rows(it: Measurements) -> Iterator[Row]:
    read = _reading_speed(it.tour)
    yield _beside("read, new document", read, it.floor and it.floor.reading)
    for name, costs, limit in [("prose", it.prose, 0.95), ("repeating", it.repeating, 1.5)]:
        speed, floor = tokens_per_second(costs), it.floor
        yield _beside(f"written, {name}", speed, floor and floor.writing, limit)
        if floor:
            behind = floor.writing_behind[median_prompt_tokens(costs)]
            yield _beside(f"written, {name}, that deep", speed, behind, limit)


def _beside(name: str, speed: float, floor: float | None, limit: float | None = None) -> Row:
    row = Row(name, "tokens/s", speed)
    return replace(row, floor=floor, ratio=speed / floor, at_least=limit) if floor else row


def _other_rows(it: Measurements) -> Iterator[Row]:
    tokens = it.tour[-1].evaluated_tokens
    theirs = it.peer_tour[-1].evaluated_tokens if it.peer_tour else None
    yield Row("evaluated on return to one of 4 documents", "tokens", tokens, theirs, at_most=3)
    if it.window_bytes is not None:
        yield Row("memory for a second window", "MB", it.window_bytes / _MEGABYTE, at_most=120)


def _reading_speed(tour: Sequence[Cost]) -> float:
    """Return how fast the documents between the first and the last were read, in tokens a second.

    The first was read before, to warm the engine up.
    """
    new = tour[1:-1]
    tokens = sum(cost.evaluated_tokens for cost in new)
    return 1000 * tokens / sum(cost.engine_ms for cost in new)


def _evaluated(costs: Sequence[Cost]) -> Spread:
    return spread_of([cost.evaluated_tokens for cost in costs])
