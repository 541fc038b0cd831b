"""The `cloister` command: one file per subcommand, each imported only when it runs.

Exit codes: 0 done, 1 a failure described in one sentence on stderr, 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from cloister import __version__
from cloister.core.errors import CloisterError, SettingsError
from cloister.core.invisible import shown

_SUBCOMMANDS = (
    "lsp",
    "complete",
    "engine",
    "model",
    "eval",
    "index",
    "context",
    "action",
    "policy",
    "backend",
    "usage",
    "audit",
    "egress",
    "doctor",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        try:
            return _run(words)
        finally:
            # Here, because at the interpreter's end nobody could catch what it raises.
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough, as with `| head`; nothing more is to be written at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(words: Sequence[str]) -> int:
    if words == ["--version"]:
        print(f"cloister {__version__}")
        return 0
    options = _parser(words).parse_args(words)
    try:
        return int(options.func(options))
    except SettingsError as error:
        _complain(error)
        return 2
    except CloisterError as error:
        _complain(error)
        return 1
    except KeyboardInterrupt:
        return 130


def _complain(error: CloisterError) -> None:
    # Names of files may hold what steers a terminal.
    print(shown(f"cloister: {error}"), file=sys.stderr)


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    from importlib import import_module

    parser = argparse.ArgumentParser(
        prog="cloister",
        description="The coding assistant for code that must not leave the machine.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"cloister {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    # Only the named subcommand is imported; `--help` and mistakes need them all.
    named = [name for name in _SUBCOMMANDS if name in words[:1]]
    for name in named or _SUBCOMMANDS:
        import_module(f"cloister.cli.{name}").add_parser(subparsers)
    return parser
