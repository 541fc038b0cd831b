"""`cloister lsp`: serves one editor window on standard input and output."""

import argparse
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cloister.core.errors import BackendUnavailableError, SettingsError

if TYPE_CHECKING:
    from cloister.app import MakeBackend
    from cloister.egress.client import EgressLink

_SCRIPTED = "scripted:"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "lsp",
        help="serve an editor on standard input and output",
        description="Serve one editor window over the Language Server Protocol on stdio.",
    )
    parser.add_argument("--stdio", action="store_true", help="accepted for clients that pass it")
    # For tests of behaviour that need exact answers; not for people.
    parser.add_argument("--backend", default="local", help=argparse.SUPPRESS)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> NoReturn:
    """Serve until the editor is gone, and end with the exit code that the protocol demands."""
    from cloister.app import build_services
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end
    from cloister.engine.sandbox.limits import close_inherited_files
    from cloister.observe.log import configure_logging
    from cloister.protocol.server import serve

    make_backend = _backend_factory(options.backend)
    close_inherited_files()
    configure_logging("info")
    # Before the lock, which forbids sockets and is inherited.
    egress = _started_egress()
    isolation = lock_front_end(engine_paths().directory)
    leave(serve(build_services(make_backend, isolation, egress)))


def leave(exit_code: int) -> NoReturn:
    """End the process with this code even where the log cannot be written.

    Python's own way out ends with 120 when the last lines of its output have no room.
    """
    with suppress(OSError):
        # A process that was started without a standard error has None here.
        if sys.stderr is not None:
            sys.stderr.flush()
    os._exit(exit_code)


def _started_egress() -> "EgressLink | None":
    """Start the process for other services, where it may be; without it everything else works."""
    from cloister.cli.egress import start_if_permitted

    try:
        return start_if_permitted()
    except BackendUnavailableError as error:
        logging.getLogger(__name__).warning("%s", error)
        return None


def _backend_factory(name: str) -> "MakeBackend":
    from cloister.app import local_backend
    from cloister.backends.scripted import ScriptedBackend

    if name == "local":
        return local_backend
    if name.startswith(_SCRIPTED):
        backend = ScriptedBackend.from_file(Path(name.removeprefix(_SCRIPTED)))
        return lambda _settings, _on_loading: backend
    raise SettingsError(f"There is no backend {name!r}; leave out --backend.")
