"""What is staged as a model is shown it: one piece per file, all of them within a budget; pure.

A file of which there is little is shown whole before the rest is shared out, so that one large file
does not hide the others.
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from cloister.core.text import with_plain_newlines
from cloister.policy.secrets import scan
from cloister.workspace.git.staged_diff import StagedFile

_CONTEXT_LINES = 3
_MOST_COMPARED_LINES = 1_000
_MOST_LINE_CHARS = 400
_MOST_SCANNED_CHARS = 2_000
_CUT = "[the rest is not shown]\n"
# Of a file that was renamed and changed, so many of its lines are the same.
_LEAST_COMMON_SHARE = 0.5
_MOST_ALIKE_COMPARED = 20
# Longer ones are the same file only if nothing in them changed.
_MOST_ALIKE_CHARS = 50_000


@dataclass(frozen=True, slots=True, repr=False)
class FileDiff:
    """What happens to a file, beginning with a line that says so.

    `old_path` is what a renamed file was called, empty for any other.
    """

    path: str
    text: str
    old_path: str = ""


def file_diffs(files: Sequence[StagedFile]) -> list[FileDiff]:
    """Return what happens to each file; an added and a removed one that are alike are one."""
    origins = dict(_origins(files))
    moved = {it.entry.path for it in origins.values()}
    return [
        _file_diff(it, origins.get(it.entry.path)) for it in files if it.entry.path not in moved
    ]


def within(diffs: Sequence[FileDiff], most_chars: int) -> list[FileDiff]:
    """Return as much of the diffs as `most_chars` hold, in the same order.

    Of each at least the first line is shown; of more than there is room for, those that change
    least are left out.
    """
    by_size = sorted(diffs, key=lambda it: -len(it.text))
    needed = list(accumulate(_least_chars(it) for it in by_size))
    fitting = by_size[: sum(1 for n_chars in needed if n_chars <= most_chars)]
    room: dict[str, int] = {}
    left = most_chars - sum(map(_least_chars, fitting))
    for n_before, diff in enumerate(reversed(fitting)):
        share = left // (len(fitting) - n_before)
        room[diff.path] = _least_chars(diff) + share
        left -= min(max(len(diff.text) - _least_chars(diff), 0), share)
    shown = (it for it in diffs if it.path in room)
    return [FileDiff(it.path, _cut(it.text, room[it.path]), it.old_path) for it in shown]


def _file_diff(file: StagedFile, origin: StagedFile | None) -> FileDiff:
    path, old_path = file.entry.path, origin.entry.path if origin else ""
    old_text = origin.old_text if origin else file.old_text
    before, after = _lines(old_text), _lines(file.new_text)
    is_same = before == after and file.entry.old is not None and file.entry.new is not None
    if hidden := file.hidden or ("only its line ends" if is_same else ""):
        return FileDiff(path, f"{_head(file, old_path)} ({hidden})\n", old_path)
    body = "".join(f"{_shortened(line)}\n" for line in _hunks(before, after))
    return FileDiff(path, f"{_head(file, old_path)}\n{body}", old_path)


def _head(file: StagedFile, old_path: str) -> str:
    entry = file.entry
    if old_path:
        return f"renamed: {old_path} -> {entry.path}"
    what = "added" if entry.old is None else "removed" if entry.new is None else "changed"
    return f"{what}: {entry.path}"


def _shortened(line: str) -> str:
    """Return the beginning of a line; no half of a secret, which nobody would know for one."""
    if len(line) <= _MOST_LINE_CHARS:
        return line
    found = scan(line[:_MOST_SCANNED_CHARS])
    cut = (it.start for it in found if it.start < _MOST_LINE_CHARS < it.end)
    return line[: min(cut, default=_MOST_LINE_CHARS)]


def _lines(text: str) -> list[str]:
    plain = with_plain_newlines(text)
    return plain.removesuffix("\n").split("\n") if plain else []


def _hunks(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines that differ, with some around them; the ends that are equal first."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    first = max(start - _CONTEXT_LINES, 0)
    last = max(end - _CONTEXT_LINES, 0)
    sides = [lines[first : len(lines) - last] for lines in (before, after)]
    old, new = shown = [lines[:_MOST_COMPARED_LINES] for lines in sides]
    # The first two lines name the files.
    for line in islice(difflib.unified_diff(old, new, n=_CONTEXT_LINES, lineterm=""), 2, None):
        # Where a part stands says nothing, and its numbers count from the first line that is shown.
        yield "@@" if line.startswith("@@ ") else line
    if shown != sides:
        yield _CUT.rstrip()


def _common(before: list[str], after: list[str]) -> int:
    """Return how many lines both begin with."""
    n_least = min(len(before), len(after))
    pairs = zip(before, after, strict=False)
    return next((n for n, (old, new) in enumerate(pairs) if old != new), n_least)


def _origins(files: Sequence[StagedFile]) -> Iterator[tuple[str, StagedFile]]:
    """Yield the path of each file that was renamed, and what it was."""
    removed = [_Removed(it, _counted(it.old_text)) for it in files if it.entry.new is None]
    for file in files:
        if file.entry.old is None and (origin := _origin(file, removed)) is not None:
            removed.remove(origin)
            yield file.entry.path, origin.file


class _Removed(NamedTuple):
    """A file that is gone, and how often each of its lines stood in it."""

    file: StagedFile
    lines: Counter[str]


def _origin(file: StagedFile, removed: Sequence[_Removed]) -> _Removed | None:
    """Return the removed file that is the most like a new one, None when none is like it."""
    same = next((it for it in removed if it.file.entry.old == file.entry.new), None)
    lines = _counted(file.new_text)
    if same is not None or not lines:
        return same
    readable = [it for it in removed if it.lines][:_MOST_ALIKE_COMPARED]
    shares = [(_common_share(lines, it.lines), it) for it in readable]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= _LEAST_COMMON_SHARE else None


def _counted(text: str) -> Counter[str]:
    """Return how often each line stands in a text; of a long one nothing is compared."""
    lines = text.split("\n") if len(text) <= _MOST_ALIKE_CHARS else ()
    return Counter(filter(str.strip, lines))


def _common_share(lines: Counter[str], others: Counter[str]) -> float:
    return 2 * (lines & others).total() / max(lines.total() + others.total(), 1)


def _cut(text: str, most_chars: int) -> str:
    """Return the first lines of a text; the very first one always."""
    if len(text) <= most_chars:
        return text
    end = text.rfind("\n", 0, max(most_chars - len(_CUT), 0)) + 1
    return (text[:end] or _head_of(text)) + _CUT


def _least_chars(diff: FileDiff) -> int:
    return len(_head_of(diff.text)) + len(_CUT)


def _head_of(text: str) -> str:
    return text[: text.find("\n") + 1]
