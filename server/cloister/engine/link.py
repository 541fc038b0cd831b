"""Keeps one connection to a living engine: finds it, starts it, and starts it again.

Whoever asks while a start is under way waits for that start; nobody who gives up waiting stops it.
An engine older than this process is asked to make room for ours, once: a window of the old version
may start its own again, and two windows must not take turns at that.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass

from cloister import __version__
from cloister.core.errors import BackendUnavailableError, ProtocolError
from cloister.engine.client import HANG_SECONDS, EngineClient
from cloister.engine.exchange import EngineGoneError
from cloister.engine.launch import ensure_engine
from cloister.engine.paths import EnginePaths, engine_paths
from cloister.engine.sandbox import require_kernel
from cloister.engine.supervision import Supervisor

_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """`idle_seconds`: how long the engine outlives its last client; `n_threads`: None to choose.

    `hang_seconds`: how long an engine that owes an answer may be silent before it is killed.
    `require_isolation`: speak only to an engine that the kernel keeps off the network.
    """

    idle_seconds: float = 300.0
    n_threads: int | None = None
    hang_seconds: float = HANG_SECONDS
    require_isolation: bool = False


class EngineLink:
    """The connection that all requests of this process share, made when first needed."""

    def __init__(self, options: EngineOptions, supervisor: Supervisor) -> None:
        self._options = options
        self._supervisor = supervisor
        self._client: EngineClient | None = None
        self._connecting: asyncio.Task[EngineClient] | None = None
        self._has_asked_to_retire = False

    async def client(self) -> EngineClient:
        """Return a connection that is open now.

        Raises BackendUnavailableError when the engine cannot be started or must not be yet.
        """
        if self._client is not None and not self._client.is_closed:
            return self._client
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._connecting_ended)
        return await asyncio.shield(self._connecting)

    def bury(self, client: EngineClient) -> None:
        """Forget a connection that ended; count a death that may be due to what we asked for.

        An engine that owed us nothing died for other reasons: other windows use it as well.
        """
        if client is self._client:
            self._client = None
            if client.owed_an_answer and not client.stopped_on_purpose:
                self._supervisor.record_death()

    async def close(self) -> None:
        """Disconnect; the engine lives on for other windows."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _connecting_ended(self, task: "asyncio.Task[EngineClient]") -> None:
        self._connecting = None
        if not task.cancelled():
            # Marks an error as seen: everybody who waited may have given up.
            task.exception()

    async def _connect(self) -> EngineClient:
        if self._client is not None:
            self.bury(self._client)
        self._supervisor.require_start()
        paths = await asyncio.to_thread(engine_paths)
        try:
            self._client = await self._reach_engine(paths)
        except ProtocolError as error:
            raise BackendUnavailableError(str(error)) from error
        except EngineGoneError as error:
            self._supervisor.record_death()
            raise BackendUnavailableError(
                f"The engine ends right after it starts; see {paths.log}."
            ) from error
        except BackendUnavailableError as error:
            self._supervisor.record_failed_start(str(error))
            raise
        return self._client

    async def _reach_engine(self, paths: EnginePaths) -> EngineClient:
        for _ in range(_MAX_ATTEMPTS):
            await asyncio.to_thread(
                ensure_engine,
                paths,
                self._options.idle_seconds,
                require_isolation=self._options.require_isolation,
            )
            # An engine that was just ending, or hung and was killed, gets a successor.
            with suppress(OSError, EngineGoneError):
                client = await EngineClient.connect(paths.socket, self._options.hang_seconds)
                await self._check_isolation(client)
                if not await self._has_retired(client):
                    return client
        raise EngineGoneError

    async def _check_isolation(self, client: EngineClient) -> None:
        """Leave an engine that somebody else started and that is not locked up as we require."""
        try:
            if self._options.require_isolation:
                require_kernel(*client.engine_isolation)
        except BackendUnavailableError:
            await client.close()
            raise

    async def _has_retired(self, client: EngineClient) -> bool:
        """Return whether the engine was an older version's and has made room for ours."""
        if self._has_asked_to_retire or _release(client.engine_version) >= _release(__version__):
            return False
        self._has_asked_to_retire = True
        await client.retire_engine()
        # One that is at work ends later; until then it serves us as well.
        return client.is_closed


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of `1.2.3`, which order releases."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
