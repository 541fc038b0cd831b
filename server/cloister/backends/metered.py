"""Counts what the model on this machine reads and writes, by repository and day, beside working.

Requests are many and small, so they are added up and written down about once a minute, on another
thread. What a killed process had not written down is lost; nothing else is.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from cloister.backends.base import ChatBackend, OnChunk
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message
from cloister.core.errors import CloisterError
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.hardware import ModelSpeed, Placement
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt
from cloister.observe.usage import LOCAL, Use
from cloister.workspace.documents import path_from_uri

_EVERY_SECONDS = 60.0


class MeteredBackend:
    """A backend whose tokens are counted; `write` is called on another thread, and may fail."""

    def __init__(
        self,
        backend: ChatBackend,
        write: Callable[[Use], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend = backend
        self._write = write
        self._clock = clock
        self._written_at = clock()
        self._sums: dict[tuple[str, str, str], Use] = {}
        self._writing: asyncio.Future[None] | None = None

    @property
    def name(self) -> str:
        """The name of the backend."""
        return self._backend.name

    @property
    def speed(self) -> ModelSpeed | None:
        """See `Backend.speed`."""
        return self._backend.speed

    @property
    def placement(self) -> Placement | None:
        """See `Backend.placement`."""
        return self._backend.placement

    async def describe(self) -> ModelDescription:
        """See `Backend.describe`."""
        return await self._backend.describe()

    async def identify(self) -> ModelDescription:
        """See `ChatBackend.identify`."""
        return await self._backend.identify()

    async def chat_prompt(self, messages: Sequence[Message]) -> Prompt:
        """See `ChatBackend.chat_prompt`."""
        return await self._backend.chat_prompt(messages)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Backend.count_tokens`."""
        return await self._backend.count_tokens(texts)

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Generate and count; see `Backend.generate`."""
        generation = await self._backend.generate(request, on_chunk, cancel)
        if generation.timings.prompt_tokens:
            # An engine that died meanwhile must not cost the answer that it gave before.
            with suppress(CloisterError):
                self._count(request, generation, (await self._backend.describe()).name)
        return generation

    async def close(self) -> None:
        """Write down what is left, and close the backend."""
        await self._backend.close()
        if self._writing is not None:
            await self._writing
        await self._write_down()

    def _count(self, request: GenerationRequest, generation: Generation, model: str) -> None:
        timings, day = generation.timings, f"{date.today():%Y-%m-%d}"  # noqa: DTZ011  # the user's
        path = path_from_uri(request.document)
        folder = "" if path is None else str(path.parent)
        key = (day, model, folder)
        so_far = self._sums.get(key) or Use(day, LOCAL, model, folder, requests=0, cost=0.0)
        self._sums[key] = replace(
            so_far,
            requests=so_far.requests + 1,
            prompt_tokens=so_far.prompt_tokens + timings.prompt_tokens,
            reused_tokens=so_far.reused_tokens + timings.reused_tokens,
            generated_tokens=so_far.generated_tokens + timings.generated_tokens,
        )
        is_busy = self._writing is not None and not self._writing.done()
        if not is_busy and self._clock() - self._written_at >= _EVERY_SECONDS:
            self._writing = asyncio.ensure_future(self._write_down())

    async def _write_down(self) -> None:
        uses, self._sums = list(self._sums.values()), {}
        self._written_at = self._clock()
        await asyncio.to_thread(self._write_all, uses)

    def _write_all(self, uses: Sequence[Use]) -> None:
        try:
            for use in uses:
                self._write(replace(use, workspace=_repository_of(use.workspace)))
        except OSError:
            # A full disk must not cost anybody a completion.
            return


def _repository_of(folder: str) -> str:
    """Return the nearest folder upwards that is a repository, empty when there is none."""
    places = (Path(folder), *Path(folder).parents) if folder else ()
    return next((str(place) for place in places if (place / ".git").exists()), "")
