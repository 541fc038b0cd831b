"""Processes that are forked from this one: they share its modules and have its locks.

Nothing else may run in this process when one is forked. They end with this process, because the
pipe to them closes, and they have no way to print.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

Answer = TypeVar("Answer")

_FORK = get_context("fork")
_STANDARD_STREAMS = (0, 1, 2)


def start_apart(
    work: Callable[[Connection], None], foreign: Sequence[Connection] = ()
) -> tuple[BaseProcess, Connection]:
    """Start a process that does `work` with its end of a pipe; return it and our end.

    A process that held another one's pipe open would keep it from seeing that we are gone, so it
    closes the `foreign` ones. Raises OSError when the system has no room for a process.
    """
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_live, args=(work, theirs, [ours, *foreign]), daemon=True)
    try:
        process.start()
    finally:
        theirs.close()
    return process, ours


def end(process: BaseProcess, connection: Connection) -> None:
    """End a process, whatever it does at the moment."""
    connection.close()
    process.kill()
    process.join()
    process.close()


def run_apart(call: Callable[[], Answer], patience_seconds: float) -> Answer | None:
    """Return what `call` returns in a process of its own; None when it fails or takes too long."""
    process, connection = start_apart(lambda pipe: pipe.send(call()))
    try:
        if connection.poll(patience_seconds):
            answer: Answer = connection.recv()
            return answer
    except (EOFError, OSError):
        pass
    finally:
        end(process, connection)
    return None


def _live(
    work: Callable[[Connection], None], connection: Connection, foreign: Sequence[Connection]
) -> None:
    for each in foreign:
        each.close()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in _STANDARD_STREAMS:
        os.dup2(nowhere, stream)
    # Whoever interrupts means our parent, which ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, OSError):
        work(connection)
