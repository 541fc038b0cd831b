"""Plays keystrokes through everything that a completion passes, into a real engine process.

Context gathering, prompt, socket, engine: all as in an editor window. Only the answers are cut to a
length and never shown, so that each keystroke asks anew.
"""

import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.engine.cost import Cost, Visit
from cloister.app import local_backend
from cloister.backends.base import Backend, OnChunk
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Chunk, Generation, GenerationRequest, Priority
from cloister.core.outcome import OutcomeKind
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from cloister.features.completion.complete import CompletionFeature
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import CompletionSettings, EngineSettings, Settings

# No line is as likely as that, so nothing is shown and the next key cannot type over it.
_NEVER_SHOWN = 1.1


def bench_settings(model: Path | None, threads: int) -> Settings:
    """Return settings under which every keystroke asks the model; `threads` 0 as in Settings."""
    return Settings(
        model=str(model) if model else None,
        completion=CompletionSettings(min_confidence=_NEVER_SHOWN),
        engine=EngineSettings(threads=threads),
    )


@asynccontextmanager
async def private_engine() -> AsyncIterator[None]:
    """Give this process, and what it starts, an engine of its own, which ends with the block."""
    # A socket's path may have 103 bytes, so the name is short.
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        kept = {name: os.environ.get(name) for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME")}
        os.environ.update(dict.fromkeys(kept, folder))
        try:
            yield
        finally:
            # Without an engine there is nothing to end.
            with suppress(OSError):
                await _stop_engine()
            for name, value in kept.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


async def replay(settings: Settings, visits: Sequence[Visit], n_tokens: int) -> list[Cost]:
    """Return the cost of each keystroke, answered by at most `n_tokens` tokens.

    The engine and its model are warm from one request in the first document. Raises CloisterError
    when a request fails.
    """
    async with _meter(settings, n_tokens) as meter:
        await meter.play(visits[0])
        return [await meter.play(visit) for visit in visits]


async def _stop_engine() -> None:
    client = await EngineClient.connect(engine_paths().socket)
    await client.stop_engine()
    await client.close()


@asynccontextmanager
async def _meter(settings: Settings, n_tokens: int) -> AsyncIterator["_Meter"]:
    backend = local_backend(settings, lambda _fraction: None)
    try:
        yield _Meter(backend, settings, n_tokens)
    finally:
        await backend.close()


class _Meter:
    """A backend between the feature and the engine that cuts answers short and takes the time."""

    # An unknown speed limits nothing, so the window is the largest on every machine.
    speed = None

    def __init__(self, backend: Backend, settings: Settings, n_tokens: int) -> None:
        self._backend = backend
        self._n_tokens = n_tokens
        self._feature = CompletionFeature(self, settings, OutcomeRing())
        self._started = 0.0
        self._cost: Cost | None = None
        self._prefix = ""

    async def play(self, visit: Visit) -> Cost:
        """Return what one keystroke costs."""
        key = visit.keystroke
        path = Path("/bench") / visit.document
        document = DocumentSnapshot(path.as_uri(), path, "python", None, Text(key.text))
        request = CompletionRequest(document, key.offset, Trigger.INVOKED, path.parent)
        self._started, self._cost = time.perf_counter(), None
        # No deadline: what takes too long is measured all the same.
        result = await self._feature.complete(request, CancelToken())
        if self._cost is None or result.outcome.kind is OutcomeKind.FAILED:
            raise BackendUnavailableError(f"A key got no answer: {result.outcome.reason}")
        return self._cost

    def __getattr__(self, name: str) -> Any:
        """Leave everything but generating to the real backend."""
        return getattr(self._backend, name)

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Generate as asked, but so many tokens, and take the time."""
        if request.priority is not Priority.COMPLETION:
            return await self._backend.generate(request, on_chunk, cancel)
        asked, arrivals = time.perf_counter(), list[float]()

        def note(_chunk: Chunk) -> bool:
            arrivals.append(time.perf_counter())
            return False

        # A line found among several hypotheses comes in one piece, and has no first token.
        whole = replace(request, max_tokens=self._n_tokens, stop=(), hypotheses=1)
        generation = await self._backend.generate(whole, note, cancel)
        ended = time.perf_counter()
        (added_tokens,) = await self._backend.count_tokens([self._added(request.prompt.prefix)])
        # An answer that ends before its first visible character has no piece.
        first = arrivals[0] if arrivals else ended
        self._cost = Cost(
            first_token_ms=1000 * (first - self._started),
            prompt_tokens=generation.timings.prompt_tokens,
            evaluated_tokens=generation.timings.evaluated_tokens,
            added_tokens=added_tokens,
            engine_ms=1000 * (first - asked),
            writing_ms=1000 * (ended - first),
            written_tokens=sum(chunk.n_tokens for chunk in generation.chunks[1:]),
        )
        return generation

    def _added(self, prefix: str) -> str:
        """Return what the prompt has grown by; nothing when another text begins it."""
        last, self._prefix = self._prefix, prefix
        return prefix[len(last) :] if last and prefix.startswith(last) else ""
