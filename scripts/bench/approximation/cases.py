"""Places in real source files where the end of a line is missing. Pure but for reading files."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LEAST_LINES_AROUND = 41
"""Lines that every case has on each side, for the cursor to come from."""

_LEAST_CHARS = 4
_MOST_CHARS = 60
_MOST_LINE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Case:
    """A file as the texts before and after the cursor; `truth` is the missing end of the line."""

    name: str
    before: str
    truth: str
    after: str


def read_sources(folders: Sequence[Path]) -> list[tuple[str, str]]:
    """Return name and text of every Python file in the folders that people could have written."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    sources = [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in paths]
    return [(name, text) for name, text in sources if _longest_line(text) <= _MOST_LINE_CHARS]


def choose_cases(sources: Sequence[tuple[str, str]], n_cases: int, seed: int = 0) -> list[Case]:
    """Return so many cases, or all where there are fewer; the same ones for the same sources."""
    generator = random.Random(seed)  # noqa: S311  # a repeatable choice, not a secret
    places = [
        (name, lines, number)
        for name, text in sources
        for lines in [text.split("\n")]
        for number in _lines_with_room(lines)
    ]
    chosen = generator.sample(places, min(n_cases, len(places)))
    return [_case(*place, generator) for place in chosen]


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _lines_with_room(lines: Sequence[str]) -> Iterator[int]:
    for number in range(LEAST_LINES_AROUND, len(lines) - LEAST_LINES_AROUND):
        code = lines[number].strip()
        if len(code) > _LEAST_CHARS and not code.startswith("#"):
            yield number


def _case(name: str, lines: Sequence[str], number: int, generator: random.Random) -> Case:
    line = lines[number].rstrip()
    indentation = len(line) - len(line.lstrip())
    first = max(indentation, len(line) - _MOST_CHARS)
    column = generator.randint(first, len(line) - _LEAST_CHARS)
    return Case(
        name=f"{name}:{number + 1}",
        before="\n".join([*lines[:number], line[:column]]),
        truth=line[column:],
        after="\n".join(["", *lines[number + 1 :]]),
    )
