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
from cloister.engine.instance import AlreadyRunningError, claim_socket
from cloister.engine.launch import StartReport
from cloister.engine.paths import EnginePaths, engine_paths, prepare_directory
from cloister.engine.sandbox import Filter, hide_memory, lock_network

_log = logging.getLogger(__name__)


def run_engine(idle_seconds: float, *, foreground: bool) -> int:
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
    except AlreadyRunningError:
        _announce(StartReport(listening=True))
        return 0
    except CloisterError as error:
        _announce(StartReport(listening=False, problem=str(error)))
        _log.error("%s", error)
        return 1
    hide_memory()
    options = HostOptions(idle_seconds, lock_network(Filter.STRICT))
    _log.info("started; isolation %s %s", options.isolation.level, options.isolation.reason)
    on_ready = _announce_ready if foreground else _announce_ready_and_detach
    return _leave(paths, asyncio.run(_serve(options, listener, on_ready)))


async def _serve(
    options: HostOptions, listener: socket.socket, on_ready: Callable[[], None]
) -> str:
    return await Host(options).serve(listener, on_ready)


def _leave(paths: EnginePaths, reason: str) -> NoReturn:
    # The lock is still ours, so this is still our socket.
    paths.socket.unlink(missing_ok=True)
    _log.info("ended because %s", reason)
    logging.shutdown()
    # llama-cpp-python raises when it is torn down by the interpreter.
    os._exit(0)


def _announce_ready() -> None:
    _announce(StartReport(listening=True))


def _announce_ready_and_detach() -> None:
    _announce_ready()
    # Nobody reads standard output from here on; what a library prints goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _announce(report: StartReport) -> None:
    sys.stdout.write(report.line())
    sys.stdout.flush()
