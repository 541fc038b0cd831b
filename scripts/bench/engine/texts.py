"""Places at which a model writes for a while: code that repeats itself, and prose. Pure."""

import re
from dataclasses import dataclass

_N_PLACES = 6
_BLOCK_LINES = 12
# Enough to know what is being written, and read quickly by a large model.
_LINES_BEFORE, _LINES_AFTER = 60, 20
_REPEATED_LINES = 2
_PROSE = re.compile(r"^ *# [^\n]{40,}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A document with the cursor after `offset` code points."""

    text: str
    offset: int


def repeating_places(text: str) -> list[Place]:
    """Return places below a block of lines that is just being written a second time."""
    lines = text.splitlines(keepends=True)
    return [_repeated(lines, start) for start in _spread(range(len(lines) - _BLOCK_LINES))]


def prose_places(text: str) -> list[Place]:
    """Return places in the middle of long comments."""
    comments = list(_PROSE.finditer(text))
    middles = [(comment.start() + comment.end()) // 2 for comment in comments]
    return [_surroundings(text, middles[index]) for index in _spread(range(len(middles)))]


def _repeated(lines: list[str], start: int) -> Place:
    end = start + _BLOCK_LINES
    before = "".join(lines[:end] + lines[start : start + _REPEATED_LINES])
    return _surroundings(before + "".join(lines[end:]), len(before))


def _surroundings(text: str, offset: int) -> Place:
    before = "".join(text[:offset].splitlines(keepends=True)[-_LINES_BEFORE:])
    after = "".join(text[offset:].splitlines(keepends=True)[:_LINES_AFTER])
    return Place(before + after, len(before))


def _spread(positions: range) -> list[int]:
    step = max(1, len(positions) // (_N_PLACES + 1))
    return list(positions[step::step])[:_N_PLACES]
