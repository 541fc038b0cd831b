"""Stops what small models do when they are lost: saying the same thing again."""

import re

from cloister.features.completion.candidate import Candidate, Dropped, FilterResult

_WORD = re.compile(r"\w+|[^\w\s]")
_NAME = re.compile(r"[^\W\d]")
_MOST_REPEATS = 4
_LOOP_WORDS = 12
_SHORT_LINE_CHARS = 8
_TINY_LINE_CHARS = 3


def apply(candidate: Candidate) -> FilterResult:
    """Cut before a line that repeats an earlier one; drop loops of a few words."""
    text = _without_repeated_lines(candidate)
    words = _WORD.findall(text)
    for length in range(1, _LOOP_WORDS + 1):
        if _ends_in_loop(words, length):
            return Dropped("The text went round in circles.")
    if text.strip() and candidate.line_before.strip() == "" and _repeats_line_above(candidate):
        return Dropped("The text repeated the line above.")
    return candidate.cut(len(text))


def _without_repeated_lines(candidate: Candidate) -> str:
    seen: set[str] = set()
    kept = []
    for line in candidate.text.split("\n"):
        # Short lines (`)`, `else:`, `pass`) may come again; long ones are a loop.
        if len(line.strip()) > _SHORT_LINE_CHARS and line in seen:
            break
        seen.add(line)
        kept.append(line)
    return "\n".join(kept)


def _ends_in_loop(words: list[str], length: int) -> bool:
    needed = length * _MOST_REPEATS
    if len(words) < needed:
        return False
    tail = words[-needed:]
    return tail == tail[:length] * _MOST_REPEATS and any(map(_NAME.match, tail[:length]))


def _repeats_line_above(candidate: Candidate) -> bool:
    above = candidate.before.rstrip().rpartition("\n")[2].strip()
    first_line = candidate.text.strip().partition("\n")[0].strip()
    return len(first_line) > _TINY_LINE_CHARS and first_line == above
