"""Cases: places where somebody once wrote a line, taken from the commits of a repository. Pure.

The text of a case is the commit's file up to the cursor, without the rest of what was added there,
and with everything after that. What the line really said is the truth.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, islice
from pathlib import PurePosixPath
from random import Random

from cloister.core.text import Span, Text, with_plain_newlines
from cloister.evaluation.words import LEAST_CHARS, offset_of
from cloister.syntax.identifiers import identifiers_in
from cloister.syntax.languages import Language, language_for_path
from cloister.syntax.reserved import reserved_words
from cloister.syntax.tree import ParsedSource, parse

CASES_PER_COMMIT = 5
_CASES_PER_FILE = 2
_MOST_HUNKS = 20
_MOST_LINES = 5
_MID_LINE_SHARE = 0.5
# Longer lines are data; nobody wants them completed.
_MOST_LINE_CHARS = 200

_MOST_FILES = 60
_MOST_CHARS = 300_000
# Finding what differs takes time that grows with the square of what does.
_MOST_CHANGED_LINES = 3000
_TEST_PARTS = re.compile(r"(^|[/_.-])(tests?|spec|specs|__tests__|testing|test[A-Z]\w*)([/_.-]|$)")


class Place(StrEnum):
    """Where in its line the cursor stands."""

    LINE_START = "line start"
    MID_LINE = "mid-line"


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after a commit; `old_text` is empty for a new file."""

    path: str
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One place: `prefix + suffix` is the text there, `truth` is the rest of the line.

    `names` are the identifiers of the truth in order, without keywords. `line` and `column` count
    from 0.
    """

    commit: str
    path: str
    language: Language
    line: int
    column: int
    place: Place
    prefix: str
    suffix: str
    truth: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call the case: commit, path, line and column (both from 1)."""
        return f"{self.commit[:10]}:{self.path}:{self.line + 1}:{self.column + 1}"

    @property
    def is_test(self) -> bool:
        """Whether the path looks like one of a test."""
        return _TEST_PARTS.search(self.path) is not None


def moved_to(case: Case, name: str) -> Case:
    """Return the case with the cursor right before a name of its truth."""
    offset = offset_of(name, case.truth)
    return replace(
        case,
        column=case.column + offset,
        place=Place.MID_LINE if offset else case.place,
        prefix=case.prefix + case.truth[:offset],
        truth=case.truth[offset:],
        names=case.names[case.names.index(name) :],
    )


def cases_of(commit: str, changes: Sequence[Change], seed: int) -> list[Case]:
    """Return a few places of a commit, the same ones for the same seed."""
    if len(changes) > _MOST_FILES:
        return []
    random = Random(_number(f"{seed}:{commit}"))  # noqa: S311  # sampling is no cryptography
    usable = sorted((it for it in changes if _is_usable(it)), key=lambda change: change.path)
    random.shuffle(usable)
    found = [list(_cases_in(commit, change, random)) for change in usable]
    turns = (cases[turn : turn + 1] for turn in range(_CASES_PER_FILE) for cases in found)
    return list(chain.from_iterable(turns))[:CASES_PER_COMMIT]


def added_hunks(old: Sequence[str], new: Sequence[str]) -> list[range]:
    """Return the runs of lines of `new` that `old` does not have; none when too much differs."""
    start = _n_common(old, new)
    end = _n_common(old[start:][::-1], new[start:][::-1])
    old, middle = old[start : len(old) - end], new[start : len(new) - end]
    if len(old) + len(middle) > _MOST_CHANGED_LINES and old:
        return []
    matcher = difflib.SequenceMatcher(None, old, middle, autojunk=False)
    return [
        range(start + first, start + last)
        for tag, _, _, first, last in matcher.get_opcodes()
        if tag in {"insert", "replace"}
    ]


def _cases_in(commit: str, change: Change, random: Random) -> Iterator[Case]:
    """Yield a case for each of a few hunks, in random order."""
    language = language_for_path(PurePosixPath(change.path))
    if language is None:
        return
    text = Text(with_plain_newlines(change.new_text))
    parsed = parse(text.value, language)
    hunks = added_hunks(with_plain_newlines(change.old_text).split("\n"), text.value.split("\n"))
    found = (
        _case(commit, change.path, parsed, text, hunk, random)
        for hunk in random.sample(hunks, min(len(hunks), _MOST_HUNKS))
    )
    yield from islice((case for case in found if case), _CASES_PER_FILE)


def _case(
    commit: str, path: str, parsed: ParsedSource, text: Text, hunk: range, random: Random
) -> Case | None:
    """Return a case in one of the lines of a hunk; None when those that were tried have none."""
    for line in random.sample(hunk, min(len(hunk), _MOST_LINES)):
        if (cut := _cut(parsed, text, line, random)) is not None:
            offset, names = cut
            start = text.line_start(line)
            is_start = not text.value[start:offset].strip()
            return Case(
                commit=commit,
                path=path,
                language=parsed.language,
                line=line,
                column=offset - start,
                place=Place.LINE_START if is_start else Place.MID_LINE,
                prefix=text.value[:offset],
                suffix=text.value[text.line_end(hunk.stop - 1) :],
                truth=text.value[offset : text.line_end(line)],
                names=names,
            )
    return None


def _cut(
    parsed: ParsedSource, text: Text, line: int, random: Random
) -> tuple[int, tuple[str, ...]] | None:
    """Return where the cursor stands in a line and the names after it; None without names."""
    span = Span(text.line_start(line), text.line_end(line))
    reserved = reserved_words(parsed.language)
    known = [
        identifier
        for identifier in identifiers_in(parsed, span)
        if identifier.name not in reserved and len(identifier.name) >= LEAST_CHARS
    ]
    if not known or span.end - span.start > _MOST_LINE_CHARS:
        return None
    content = text.line(line)
    start = span.start + len(content) - len(content.lstrip())
    later = [identifier.span.start for identifier in known if identifier.span.start > start]
    if later and random.random() < _MID_LINE_SHARE:
        start = random.choice(later)
    names = dict.fromkeys(it.name for it in known if it.span.start >= start)
    return start, tuple(names)


def _is_usable(change: Change) -> bool:
    texts = (change.old_text, change.new_text)
    return change.new_text != "" and all(len(text) <= _MOST_CHARS for text in texts)


def _n_common(first: Sequence[str], second: Sequence[str]) -> int:
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
