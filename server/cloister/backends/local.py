"""Generates with the engine process, starting it when needed and surviving its deaths.

One connection serves all requests of this process. A death costs the requests in flight one
BackendUnavailableError each; the next request connects again, within the limits of `supervision`.
Cancelling never waits for the engine.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloister.backends.base import LOCAL, OnChunk, OnLoading
from cloister.backends.progress import Progress
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message as ChatMessage
from cloister.core.errors import BackendUnavailableError, ModelError, PassingError, ProtocolError
from cloister.core.generation import Finish, Generation, GenerationRequest
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt, chat_prompt
from cloister.engine.exchange import EngineGoneError
from cloister.engine.link import EngineLink, EngineOptions
from cloister.engine.messages import (
    ChatLaidOut,
    ClientMessage,
    Counted,
    CountTokens,
    Done,
    Evaluated,
    Generate,
    LayOutChat,
    Load,
    Loading,
    Message,
    ModelSource,
    Ready,
    Wrote,
)
from cloister.engine.supervision import Supervisor
from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.description import describe
from cloister.gguf.header import read_header

if TYPE_CHECKING:
    from cloister.core.hardware import ModelSpeed, Placement
    from cloister.engine.client import EngineClient

# Other windows share the engine, so a model that crashes it gets no more tries than this.
_MAX_LOAD_DEATHS = 2

__all__ = ["EngineOptions", "LocalBackend"]


class LocalBackend:
    """Speaks to the engine about one model file."""

    name = LOCAL

    def __init__(
        self,
        model_path: Path,
        sha256: str | None = None,
        options: EngineOptions | None = None,
        *,
        on_loading: OnLoading = lambda _fraction: None,
        supervisor: Supervisor | None = None,
    ) -> None:
        self.speed: ModelSpeed | None = None
        self.placement: Placement | None = None
        options = options or EngineOptions()
        # The engine runs in another directory, so the path must not depend on ours.
        self._source = ModelSource(str(model_path.absolute()), sha256, options.n_threads)
        self._link = EngineLink(options, supervisor or Supervisor())
        self._on_loading = on_loading
        self._loading: tuple[EngineClient, asyncio.Future[ModelDescription]] | None = None
        self._lost_while_loading: set[EngineClient] = set()
        self._chat_layouts: dict[tuple[str, ...], tuple[str, ...]] = {}

    async def describe(self) -> ModelDescription:
        """Return the model's description, starting the engine and loading the model if needed."""
        client = await self._link.client()
        if self._loading is None or self._loading[0] is not client or _has_failed(self._loading[1]):
            self._loading = (client, asyncio.ensure_future(self._load()))
        # Everybody who asks waits for the same loading, and nobody's cancelling ends it.
        return await asyncio.shield(self._loading[1])

    async def identify(self) -> ModelDescription:
        """Return what the model's file says of itself; see `ChatBackend.identify`."""
        return await asyncio.to_thread(_described, Path(self._source.path))

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, tokenized alone without special tokens."""
        wanted = tuple(texts)
        async with aclosing(
            self._ask(lambda id_: CountTokens(id_, self._source, wanted))
        ) as answers:
            async for answer in answers:
                if isinstance(answer, Counted):
                    return list(answer.counts)
        raise _overloaded()

    async def chat_prompt(self, messages: Sequence[ChatMessage]) -> Prompt:
        """Return a conversation as the model was trained to read it; see `Backend.chat_prompt`."""
        roles = tuple(message.role.value for message in messages)
        if roles not in self._chat_layouts:
            self._chat_layouts[roles] = await self._lay_out_chat(roles)
        return chat_prompt(messages, self._chat_layouts[roles])

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Generate until the model ends, a limit is met, `on_chunk` has enough, or `cancel` stops.

        See `Backend.generate`.
        """
        progress = Progress()
        if cancel.stopped:
            return progress.generation(_stop_finish(cancel))
        writing = asyncio.create_task(self._write(request, on_chunk, progress))
        cancelled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel.on_cancel(lambda: _resolve(cancelled))
        remaining_ms = cancel.remaining_ms()
        try:
            waited: set[asyncio.Future[Any]] = {writing, cancelled}
            await asyncio.wait(
                waited,
                timeout=None if remaining_ms is None else remaining_ms / 1000,
                return_when=asyncio.FIRST_COMPLETED,
            )
            # The rest may have arrived together with the chunk that made somebody cancel.
            is_answered = writing.done() and not cancel.cancelled
            finish = writing.result() if is_answered else _stop_finish(cancel)
            return progress.generation(finish)
        finally:
            # Cancelling the task tells the engine; it never waits for an answer.
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def close(self) -> None:
        """Disconnect; the engine lives on for other windows."""
        await self._link.close()

    async def _lay_out_chat(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        description = await self.describe()
        async with aclosing(self._ask(lambda id_: LayOutChat(id_, self._source, roles))) as answers:
            async for answer in answers:
                if isinstance(answer, ChatLaidOut):
                    first, *others = answer.pieces
                    # Templates of some models leave to the program what every prompt begins with.
                    begin = description.begin_token
                    return (first if first.startswith(begin) else begin + first, *others)
        raise _overloaded()

    async def _load(self) -> ModelDescription:
        async with aclosing(self._ask(lambda id_: Load(id_, self._source))) as answers:
            async for answer in answers:
                if isinstance(answer, Ready):
                    self.speed, self.placement = answer.speed, answer.placement
                    return answer.description
        raise _overloaded()

    async def _write(
        self, request: GenerationRequest, on_chunk: OnChunk, progress: Progress
    ) -> Finish:
        def make_request(id_: int) -> Generate:
            return Generate(
                id_,
                self._source,
                request.prompt,
                request.max_tokens,
                request.stop,
                request.priority,
                request.document,
                request.hypotheses,
                copies=request.surroundings is not None,
                surroundings=request.surroundings,
            )

        async with aclosing(self._ask(make_request)) as messages:
            async for message in messages:
                match message:
                    case Evaluated(timings=timings, speed=speed):
                        progress.timings = timings
                        self.speed = speed or self.speed
                    case Wrote(chunks=chunks):
                        for chunk in chunks:
                            progress.add(chunk)
                            if on_chunk(chunk):
                                return Finish.ENOUGH
                    case Done(finish=finish, timings=timings):
                        progress.timings = timings
                        return finish
                    case _:
                        raise PassingError("The engine gave a wrong answer; try again.")
        raise _overloaded()

    async def _ask(
        self, make_request: Callable[[int], ClientMessage], n_tries: int = 2
    ) -> AsyncGenerator[Message]:
        """Yield the engine's messages about one request, up to the last one.

        When an engine ends on purpose before it has said anything, the next one is asked.
        """
        if len(self._lost_while_loading) >= _MAX_LOAD_DEATHS:
            raise ModelError(
                f"The model {self._source.path} crashes the engine while it loads; "
                "choose another model."
            )
        client = await self._link.client()
        has_answered = is_loading = False
        try:
            with client.ask(make_request) as exchange:
                while not exchange.ended:
                    message = await exchange.receive()
                    if isinstance(message, Loading):
                        is_loading = message.fraction < 1
                        self._on_loading(message.fraction)
                    else:
                        has_answered = True
                        yield message
        except EngineGoneError as error:
            self._link.bury(client)
            if is_loading:
                self._lost_while_loading.add(client)
            if has_answered or n_tries == 1 or not client.stopped_on_purpose:
                raise PassingError(
                    "The engine stopped during this request; the next one starts it again."
                ) from error
        except ProtocolError as error:
            raise BackendUnavailableError(str(error)) from error
        if not has_answered:
            async with aclosing(self._ask(make_request, n_tries - 1)) as messages:
                async for message in messages:
                    yield message


def _described(path: Path) -> ModelDescription:
    try:
        header = read_header(path)
    except (OSError, DamagedGgufError) as error:
        raise ModelError(f"The model {path} cannot be read; choose another one.") from error
    return describe(header, path, header.count("context_length"))


def _has_failed(loading: "asyncio.Future[ModelDescription]") -> bool:
    return loading.done() and (loading.cancelled() or loading.exception() is not None)


def _resolve(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _stop_finish(cancel: CancelToken) -> Finish:
    return Finish.CANCELLED if cancel.cancelled else Finish.DEADLINE


def _overloaded() -> PassingError:
    return PassingError("Too many requests wait for the engine; try again.")
