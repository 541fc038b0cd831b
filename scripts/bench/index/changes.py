"""Files change below a running worker: one after the other, and thousands at once.

A change is a line with a word that nothing else has, so an answer tells whether it is known.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.index.parse_pass import parse_apart
from bench.index.running_worker import RunningWorker
from cloister.syntax.languages import language_for_path
from cloister.workspace.files.content import SourceFile, read_source
from cloister.workspace.index.extract import facts_of
from cloister.workspace.index.read import Index

_LARGEST_CHARS = 100_000
_SWITCH_WORD = "benchswitched"
_SAVE_WORD = "benchsaved"


@dataclass(frozen=True, slots=True)
class Bench:
    """A workspace that may be changed, with its index and worker."""

    root: Path
    index: Index
    worker: RunningWorker


@dataclass(frozen=True, slots=True)
class Saved:
    """Milliseconds until each save was in an answer, and for analysing that file alone."""

    visible_ms: Sequence[float]
    analysis_ms: Sequence[float]


@dataclass(frozen=True, slots=True)
class Switched:
    """Seconds until so many changed files were all in an answer, and for parsing them alone."""

    n_files: int
    seconds: float
    parse_seconds: float


def choose_files(root: Path, paths: Sequence[str], n_files: int, seed: int = 0) -> list[str]:
    """Return files chosen by chance that are not too large to be changed by hand."""
    shuffled = random.Random(seed).sample(paths, len(paths))  # noqa: S311  # a repeatable choice
    chosen: list[str] = []
    for path in shuffled:
        if len(chosen) == n_files:
            break
        source = read_source(root, path)
        if isinstance(source, SourceFile) and len(source.text) <= _LARGEST_CHARS:
            chosen.append(path)
    return chosen


def with_line(path: str, text: str, word: str) -> str:
    """Return the text with a last line that is a comment with the word."""
    language = language_for_path(Path(path))
    comment = language.line_comment if language else ""
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{text}{end}{comment} {word}\n"


async def save_files(bench: Bench, paths: Sequence[str], quiet_seconds: float) -> Saved:
    """Save one file after the other, each when the worker has nothing else to do."""
    visible_ms, analysis_ms = [], []
    for number, path in enumerate(paths):
        await bench.worker.quiet(quiet_seconds)
        word = f"{_SAVE_WORD}{number}"
        text = _change(bench.root, path, word)
        started = time.perf_counter()
        bench.worker.changed([path])
        while not bench.index.files_using(word, 1):
            await bench.worker.report()
        visible_ms.append(1000 * (time.perf_counter() - started))
        started = time.perf_counter()
        facts_of(path, text)
        analysis_ms.append(1000 * (time.perf_counter() - started))
    return Saved(visible_ms, analysis_ms)


async def switch_branch(bench: Bench, paths: Sequence[str], quiet_seconds: float) -> Switched:
    """Change files as fast as the disk takes them, tell nobody, and wait for all of them."""
    await bench.worker.quiet(quiet_seconds)
    for path in paths:
        _change(bench.root, path, _SWITCH_WORD)
    started = time.perf_counter()
    while bench.index.document_frequency([_SWITCH_WORD])[_SWITCH_WORD] < len(paths):
        await bench.worker.report()
    seconds = time.perf_counter() - started
    return Switched(len(paths), seconds, parse_apart(bench.root, paths).seconds)


def _change(root: Path, path: str, word: str) -> str:
    """Replace a file as git does: by a new one."""
    place = root / path
    text = with_line(path, place.read_text("utf-8", "replace"), word)
    place.unlink()
    place.write_text(text, encoding="utf-8")
    return text
