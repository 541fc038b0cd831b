"""`cloister lsp`: serves one editor window on standard input and output."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import SettingsError

if TYPE_CHECKING:
    from cloister.app import MakeBackend

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


def run(options: argparse.Namespace) -> int:
    """Serve until the editor is gone; returns the exit code that the protocol demands."""
    from cloister.app import build_services
    from cloister.engine.sandbox import Filter, lock_network
    from cloister.observe.log import configure_logging
    from cloister.protocol.server import serve

    make_backend = _backend_factory(options.backend)
    configure_logging("info")
    isolation = lock_network(Filter.UNIX_ONLY)
    return serve(build_services(make_backend, isolation.level.value))


def _backend_factory(name: str) -> "MakeBackend":
    from cloister.app import local_backend
    from cloister.backends.scripted import ScriptedBackend

    if name == "local":
        return local_backend
    if name.startswith(_SCRIPTED):
        backend = ScriptedBackend.from_file(Path(name.removeprefix(_SCRIPTED)))
        return lambda _settings, _on_loading: backend
    raise SettingsError(f"There is no backend {name!r}; leave out --backend.")
