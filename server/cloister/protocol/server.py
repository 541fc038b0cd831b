"""Runs a session over standard input and output, and makes sure that the process ends.

The end has many causes (`exit`, the editor died, its pipe broke, it spoke nonsense) and one
course: stop reading, give the services a moment to close, drain what is unsent. Whatever hangs
on the way, the process is gone after EXIT_DEADLINE_S.
"""

import asyncio
import logging
import os
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import Any

from lsprotocol.converters import get_converter
from pygls.server import JsonRPCServer

from cloister.core.errors import ProtocolError
from cloister.protocol.framing import FrameParser
from cloister.protocol.guard import GuardedProtocol, describe_failure
from cloister.protocol.lifecycle import Lifecycle
from cloister.protocol.pipes import IncomingPipe, OutgoingPipe, private_stdio
from cloister.protocol.routes import ROUTES
from cloister.protocol.session import Services, Session
from cloister.protocol.showing import shown_files

EXIT_DEADLINE_S = 2.0
INTERRUPTED_EXIT_CODE = 130

logger = logging.getLogger(__name__)


class GuardedServer(JsonRPCServer):
    """pygls' server without its input, output and pop-ups: it holds the protocol and the routes."""

    protocol: GuardedProtocol

    def __init__(self) -> None:
        super().__init__(GuardedProtocol, get_converter)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002  # pygls' call
        """Log what failed; a notification has no other way to say so."""
        logger.error("a message failed: %s", describe_failure(error))


def serve(services: Services) -> int:
    """Serve one editor on stdin and stdout until it is gone, and return the exit code.

    The last thing a process does: it ends by force EXIT_DEADLINE_S after the session did.
    """
    # pygls logs what it sends and receives, which is source text.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    try:
        with shown_files(), private_stdio() as (incoming, outgoing):
            return asyncio.run(_run(services, incoming, outgoing))
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT_CODE


async def _run(services: Services, incoming: int, outgoing: int) -> int:
    asyncio.get_running_loop().set_exception_handler(_log_loop_error)
    protocol = GuardedServer().protocol
    end_soon = partial(_end_soon, protocol.lifecycle)
    pipe = IncomingPipe(incoming, on_end=end_soon)
    receiving = asyncio.ensure_future(_receive(pipe, protocol))
    writer = OutgoingPipe(outgoing, on_broken=receiving.cancel)
    protocol.set_writer(writer)
    _add_routes(protocol, Session(services, protocol, stop=receiving.cancel))
    await asyncio.wait([receiving])
    end_soon()
    await asyncio.gather(services.close(), protocol.cancel_requests())
    writer.close()
    await writer.drained()
    return _exit_code(receiving, protocol.lifecycle)


async def _receive(pipe: IncomingPipe, protocol: GuardedProtocol) -> None:
    frames = FrameParser()
    while chunk := await pipe.read():
        for body in frames.feed(chunk):
            protocol.receive(body)
            # The handler takes its first step, and with it its snapshot of the document, before
            # the next message can change that.
            await asyncio.sleep(0)


def _add_routes(protocol: GuardedProtocol, session: Session) -> None:
    protocol.on_unreadable = session.lose_unreadable
    for method, handle in ROUTES.items():
        protocol.fm.feature(method)(partial(handle, session))


def _end_soon(lifecycle: Lifecycle) -> None:
    """End the process by force after EXIT_DEADLINE_S; from any thread, whatever hangs."""
    timer = threading.Timer(EXIT_DEADLINE_S, lambda: os._exit(lifecycle.exit_code))
    timer.daemon = True
    timer.start()


def _exit_code(receiving: asyncio.Future[None], lifecycle: Lifecycle) -> int:
    error = None if receiving.cancelled() else receiving.exception()
    if error is None:
        return lifecycle.exit_code
    reason = str(error) if isinstance(error, ProtocolError) else describe_failure(error)
    with suppress(OSError):
        sys.stderr.write(f"cloister stopped: {reason}\n")
    return 1


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    logger.error("a task failed: %s", describe_failure(error) if error else "no exception")
