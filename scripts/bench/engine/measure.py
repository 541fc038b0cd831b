"""Runs every measurement of the engine, one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.engine.cost import ANSWER_TOKENS, Visit, median_prompt_tokens
from bench.engine.floor import measure_floor, measure_keystroke_ms
from bench.engine.peer import replay_with_peer
from bench.engine.recording import KeyKind, Keystroke, library_files, record_keystrokes
from bench.engine.replay import bench_settings, private_engine, replay
from bench.engine.rows import Measurements, typed_after_typing
from bench.engine.texts import Place, prose_places, repeating_places
from bench.engine.windows import second_window_bytes
from bench.llama_build import LlamaPrograms
from development.terminal import step

_LONG_ANSWER_TOKENS = 64


async def measure(
    model: Path, programs: LlamaPrograms | None, threads: int, n_keystrokes: int
) -> Measurements:
    """Measure the engine with `model` and, where its programs are given, llama.cpp beside it.

    `threads` 0 leaves the number to each. Raises CloisterError or SetupError when one cannot run.
    """
    files = library_files()
    keys = record_keystrokes(files[0], n_keystrokes)
    typing, tour = [Visit("typed.py", key) for key in keys], _tour(files)
    ours = await _measure_ours(model, threads, typing, tour)
    return _compare(ours, model, programs, threads, typing, tour) if programs else ours


async def _measure_ours(
    model: Path, threads: int, typing: Sequence[Visit], tour: Sequence[Visit]
) -> Measurements:
    settings, text = bench_settings(model, threads), typing[0].keystroke.text
    prose, repeating = _visits(prose_places(text)), _visits(repeating_places(text))
    async with private_engine():
        with step(f"our engine: {len(typing)} keystrokes"):
            ours = await replay(settings, typing, ANSWER_TOKENS)
        with step("our engine: four documents, long answers, a second window"):
            return Measurements(
                kinds=[visit.keystroke.kind for visit in typing],
                ours=ours,
                tour=await replay(settings, tour, ANSWER_TOKENS),
                prose=await replay(settings, prose, _LONG_ANSWER_TOKENS),
                repeating=await replay(settings, repeating, _LONG_ANSWER_TOKENS),
                window_bytes=await second_window_bytes(
                    settings, [visit.keystroke for visit in tour[:2]]
                ),
            )


def _compare(
    ours: Measurements,
    model: Path,
    programs: LlamaPrograms,
    threads: int,
    typing: Sequence[Visit],
    tour: Sequence[Visit],
) -> Measurements:
    typed = typed_after_typing(ours.kinds, ours.ours)
    prompt_tokens = median_prompt_tokens(typed)
    evaluated_tokens = int(median(cost.evaluated_tokens for cost in typed))
    with step("llama.cpp itself"):
        depths = [median_prompt_tokens(costs) for costs in (ours.ours, ours.prose, ours.repeating)]
        floor = measure_floor(programs.bench, model, threads, depths)
        direct_ms = measure_keystroke_ms(model, threads, prompt_tokens, evaluated_tokens)
    with step(f"llama-server: {len(typing)} keystrokes, four documents"):
        peers = replay_with_peer(programs.server, model, threads, [*typing, *tour])
    return replace(
        ours,
        floor=floor,
        direct_ms=direct_ms,
        peers=peers[: len(typing)],
        peer_tour=peers[len(typing) :],
    )


def _tour(files: Sequence[str]) -> list[Visit]:
    """Return one key in each document, and then a second one in the first."""
    keys = [record_keystrokes(text, 2) for text in files]
    first = [Visit(f"tour{number}.py", key) for number, (key, _) in enumerate(keys)]
    return [*first, Visit(first[0].document, keys[0][1])]


def _visits(places: Sequence[Place]) -> list[Visit]:
    return [
        Visit(f"place{number}.py", Keystroke(KeyKind.JUMP, place.text, place.offset))
        for number, place in enumerate(places)
    ]
