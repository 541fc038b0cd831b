"""One thread that reads and parses files and does nothing else: no index can do less alone.

`python -m bench.index.parse_pass ROOT` takes paths as lines of standard input and prints JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tree_sitter import Parser

from cloister.syntax.languages import grammar, language_for_path
from cloister.workspace.files.content import SourceFile, read_source
from cloister.workspace.index.priority import stand_in_line
from development.terminal import SetupError


@dataclass(frozen=True, slots=True)
class ParsePass:
    """What a pass did and how long it took."""

    n_files: int
    n_bytes: int
    seconds: float
    processor_seconds: float


def parse_apart(root: Path, paths: Sequence[str]) -> ParsePass:
    """Run the pass in a process of its own, with the priority of an index worker."""
    command = [sys.executable, "-m", "bench.index.parse_pass", str(root)]
    lines = "".join(f"{path}\n" for path in paths)
    scripts = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, cwd=scripts, check=False
    )
    if done.returncode:
        raise SetupError(f"The files of {root} cannot be parsed: {done.stderr[-200:]}")
    return ParsePass(**json.loads(done.stdout))


def parse_files(root: Path, paths: Iterable[str]) -> ParsePass:
    """Read and parse the files that an index would take; only that is timed."""
    # This look also brings the files into memory, so that disks play no part.
    tasks = [(root / path, _parser(path)) for path in paths if _is_source(root, path)]
    n_bytes = 0
    started, processor_started = time.perf_counter(), time.process_time()
    for path, parser in tasks:
        data = path.read_bytes()
        n_bytes += len(data)
        parser.parse(data)
    return ParsePass(
        len(tasks),
        n_bytes,
        time.perf_counter() - started,
        time.process_time() - processor_started,
    )


def _is_source(root: Path, path: str) -> bool:
    return isinstance(read_source(root, path), SourceFile)


_PARSERS: dict[str, Parser] = {}


def _parser(path: str) -> Parser:
    language = language_for_path(Path(path))
    if language is None:
        raise SetupError(f"No grammar for {path}; name files that the index takes.")
    return _PARSERS.setdefault(language.name, Parser(grammar(language)))


if __name__ == "__main__":
    stand_in_line()
    print(json.dumps(asdict(parse_files(Path(sys.argv[1]), sys.stdin.read().splitlines()))))
