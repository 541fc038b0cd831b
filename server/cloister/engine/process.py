"""The life of the engine process: become the only one, lock up, serve, leave without a trace.

The order matters: the socket is made while sockets can still be made, the kernel filter comes
next, and llama.cpp is imported only by the worker that `Host` starts after that.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from cloister.core.errors import CloisterError
from cloister.engine.host import Host, HostOptions
from cloister.engine.instance import AlreadyRunningError, SocketFile, claim_socket
from cloister.engine.launch import StartReport
from cloister.engine.paths import engine_paths, prepare_directory
from cloister.engine.sandbox import lock_engine, require_kernel
from cloister.engine.speed_cache import speed_folder

_log = logging.getLogger(__name__)


def run_engine(idle_seconds: float, *, require_isolation: bool, foreground: bool) -> int:
    """Be the engine until there is a reason to end; return an exit code when it cannot begin.

    One line on standard output, a StartReport as JSON, tells the launcher how the start went. In
    the foreground standard output stays open after it.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s"
    )
    paths = engine_paths()
    try:
        prepare_directory(paths)
        listener = claim_socket(paths)
        isolation = lock_engine([speed_folder().parent, paths.log.parent, paths.directory])
        if require_isolation:
            require_kernel(isolation.level, isolation.reason)
    except AlreadyRunningError:
        _announce(StartReport(listening=True))
        return 0
    except CloisterError as error:
        _announce(StartReport(listening=False, problem=str(error)))
        _log.error("%s", error)
        return 1
    options = HostOptions(idle_seconds, isolation)
    _log.info("started; isolation %s: %s", isolation.level, isolation.reason)
    on_ready = _announce_ready if foreground else _announce_ready_and_detach
    socket_file = SocketFile.at(paths.socket)
    try:
        reason = asyncio.run(_serve(options, listener, on_ready))
    except (MemoryError, OSError, RuntimeError):
        # Without memory even the end of an event loop fails, and the interpreter's would hang.
        _log.exception("the engine failed")
        _leave(socket_file, "it failed", 1)
    return _leave(socket_file, reason, 0)


async def _serve(
    options: HostOptions, listener: socket.socket, on_ready: Callable[[], None]
) -> str:
    return await Host(options).serve(listener, on_ready)


def _leave(socket_file: SocketFile, reason: str, exit_code: int) -> NoReturn:
    # llama-cpp-python raises when it is torn down by the interpreter, so that never happens.
    try:
        socket_file.remove()
        _log.info("ended because %s", reason)
        logging.shutdown()
    finally:
        os._exit(exit_code)


def _announce_ready() -> None:
    _announce(StartReport(listening=True))


def _announce_ready_and_detach() -> None:
    _announce_ready()
    # Nobody reads standard output from here on; what a library prints goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _announce(report: StartReport) -> None:
    sys.stdout.write(report.line())
    sys.stdout.flush()
