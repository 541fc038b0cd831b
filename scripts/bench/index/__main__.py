"""`dev.py bench index`: what an index costs, beside a pass that only parses the same files.

All of it runs one after the other in this one run, so ratios mean something on any machine.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path

from bench.index.measure import Extent, measure
from bench.index.rows import Measurements, rows_of
from bench.index.tree import ensure_tree
from bench.report import as_json
from bench.table import print_table
from cloister.core.errors import CloisterError
from development.terminal import SetupError, step

_FOLDER = Path(__file__).resolve().parents[3] / ".dev/bench-index"
_TREE_FILES = 10_000
_FEWEST_FILES = 100


def main() -> int:
    """Measure and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    try:
        # Progress is no part of the result.
        with redirect_stdout(sys.stderr):
            root = _root(options)
            measurements = _measure(root)
    except (CloisterError, OSError, SetupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    facts, rows = _facts(root, measurements), rows_of(measurements)
    if options.json:
        print(as_json(facts, asdict(measurements), rows))
    else:
        print_table(facts, rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench index", description=__doc__)
    parser.add_argument("--root", type=Path, metavar="FOLDER", help="default: files written by us")
    parser.add_argument(
        "--files",
        type=_count,
        default=_TREE_FILES,
        metavar="N",
        help="how many of those (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _count(word: str) -> int:
    if not word.isdecimal() or int(word) < _FEWEST_FILES:
        raise argparse.ArgumentTypeError(f"at least {_FEWEST_FILES} are needed")
    return int(word)


def _root(options: argparse.Namespace) -> Path:
    if options.root is None:
        with step(f"{options.files} source files of our own"):
            return ensure_tree(_FOLDER, options.files)
    root: Path = options.root.absolute()
    if not root.is_dir():
        raise SetupError(f"{root} is not a folder; name one with source files.")
    return root


def _measure(root: Path) -> Measurements:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDER) as scratch:
        return asyncio.run(measure(root, Path(scratch), Extent()))


def _facts(root: Path, it: Measurements) -> dict[str, object]:
    return {
        "folder": root.name,
        "files": it.parses[0].n_files,
        "megabytes": it.parses[0].n_bytes // 1_000_000,
        "processors": os.cpu_count(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
