"""Builds contexts in a workspace of 2,000 files that has an index and was asked before.

Processor time counts, that of all threads: other programs on the machine must not.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from random import Random

from bench.context.figures import Building
from bench.index.tree import ensure_tree
from cloister.context.candidate import Workspace
from cloister.context.query import Place
from cloister.context.snippets import Request, SnippetFinder
from cloister.core.text import Span, Text
from cloister.evaluation.needs import CHARS_AFTER, CHARS_BEFORE, bytes_over_four
from cloister.evaluation.stage import is_code
from cloister.syntax.languages import language_for_path
from cloister.syntax.tree import parse
from cloister.workspace.index.build import build
from cloister.workspace.index.read import Index
from development.terminal import SetupError

_FOLDER = Path(__file__).resolve().parents[3] / ".dev/bench-index"
_N_FILES = 2000
_N_PLACES = 80
# These load what all of them use, and are not counted.
_N_FIRST_PLACES = 20
_LEAST_LINES = 20
_BUDGET_TOKENS = 2048
_PATIENCE_S = 60.0
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class _Site:
    index: Index
    places: Sequence[Place]


def measure_building(root: Path | None) -> Building:
    """Build contexts at random places of the files below `root`, of our own files if it is None.

    Raises SetupError when there are too few files.
    """
    tree = root or ensure_tree(_FOLDER, _N_FILES)
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "index.sqlite"
        n_files = build(tree, database).files
        index = Index.open(database, tree)
        try:
            site = _Site(index, list(islice(_places(index), _N_PLACES)))
            if len(site.places) <= _N_FIRST_PLACES:
                raise SetupError(f"{tree} has too few source files; name a larger folder.")
            building = asyncio.run(_build_all(site))
        finally:
            index.close()
    parsing = [_ms_of_parsing(place) for place in site.places]
    return Building(n_files, building[_N_FIRST_PLACES:], parsing[_N_FIRST_PLACES:])


def _places(index: Index) -> Iterator[Place]:
    random = Random(0)  # noqa: S311  # sampling is no cryptography
    paths = sorted(path for path in index.recent_files(_MOST_FILES) if is_code(path))
    random.shuffle(paths)
    for path in paths:
        text = Text(index.text_of(path) or "")
        if text.line_count > _LEAST_LINES:
            line = random.randrange(_LEAST_LINES // 2, text.line_count)
            offset = text.line_start(line) + len(text.line(line)) // 2
            start, end = max(0, offset - CHARS_BEFORE), min(len(text), offset + CHARS_AFTER)
            language = language_for_path(PurePosixPath(path))
            yield Place(path, text, offset, Span(start, end), language)


async def _build_all(site: _Site) -> list[float]:
    finder = SnippetFinder(_count_lines)
    try:
        return [await _ms_of_building(finder, site.index, place) for place in site.places]
    finally:
        finder.close()


async def _ms_of_building(finder: SnippetFinder, index: Index, place: Place) -> float:
    index.overlay(place.path, place.text.value)
    started = time.process_time()
    request = Request(place.path, place, Workspace(index), _BUDGET_TOKENS)
    await finder.snippets(request, _PATIENCE_S)
    ms = 1000 * (time.process_time() - started)
    index.drop_overlay(place.path)
    return ms


def _ms_of_parsing(place: Place) -> float:
    started = time.process_time()
    if place.language is not None:
        parse(place.text.value, place.language)
    return 1000 * (time.process_time() - started)


async def _count_lines(lines: Sequence[str]) -> Mapping[str, int]:
    return {line: bytes_over_four(line + "\n") for line in lines}
