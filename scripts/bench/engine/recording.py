"""Keystrokes as a person makes them in a long file: the same script on every run.

Pieces are missing in the middle of a real file of 2,500 lines (Python's own library): ends of lines
and blocks of up to three lines. They are typed one after the other, with now and then two wrong
characters that are deleted again, and a jump of at most 40 lines from each to the next. Pure.
"""

import importlib
import inspect
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

N_LINES = 2500
JUMP_LINES = 40

_MODULES = ("argparse", "inspect", "typing", "tarfile")
_MOST_BLOCK_LINES = 3
_LINE_END_SHARE = 0.8
_MOST_LINE_END_CHARS = 12
_TYPO_SHARE = 0.04
_TYPO = "qz"
# An editor writes the next line's indentation together with the line break.
_KEY = re.compile(r"\n[ \t]*|.", re.DOTALL)


class KeyKind(StrEnum):
    """What a keystroke did; the first key after a jump is a `JUMP`, whatever it wrote."""

    TYPE = "type"
    DELETE = "delete"
    NEWLINE = "newline"
    JUMP = "jump"


@dataclass(frozen=True, slots=True)
class Keystroke:
    """The document right after the key, and the cursor in it (code points)."""

    kind: KeyKind
    text: str
    offset: int


def library_files() -> list[str]:
    """Return four files of N_LINES lines: modules of the running Python, cut or repeated."""
    return [_lengthened(inspect.getsource(importlib.import_module(name))) for name in _MODULES]


def record_keystrokes(text: str, n_keystrokes: int, seed: int = 0) -> list[Keystroke]:
    """Return so many keystrokes in the middle of `text`, fewer when it has too few lines."""
    generator = random.Random(seed)  # noqa: S311  # a repeatable script, not a secret
    return list(islice(_keystrokes(text, n_keystrokes, generator), n_keystrokes))


def _lengthened(source: str) -> str:
    lines = source.splitlines(keepends=True)
    return "".join((lines * (N_LINES // len(lines) + 1))[:N_LINES])


def _keystrokes(text: str, n_keystrokes: int, generator: random.Random) -> Iterator[Keystroke]:
    missing = list(_pieces(text, n_keystrokes, generator))
    while missing:
        piece, *missing = missing
        before = _without(missing, text, range(piece.start))
        after = _without(missing, text, range(piece.stop, len(text)))
        yield from _typed(before, text[piece.start : piece.stop], after, generator)


def _without(missing: list[range], text: str, part: range) -> str:
    """Return a part of the text without the pieces that are still to be typed."""
    kept, position = [], part.start
    for piece in sorted(missing, key=lambda piece: piece.start):
        if part.start <= piece.start < part.stop:
            kept.append(text[position : piece.start])
            position = piece.stop
    return "".join(kept) + text[position : part.stop]


def _typed(before: str, piece: str, after: str, generator: random.Random) -> Iterator[Keystroke]:
    kind, written = KeyKind.JUMP, before
    for key in _KEY.findall(piece):
        if kind is not KeyKind.JUMP:
            kind = KeyKind.NEWLINE if key[0] == "\n" else KeyKind.TYPE
            if generator.random() < _TYPO_SHARE:
                yield from _typo(written, after)
        written += key
        yield Keystroke(kind, written + after, len(written))
        kind = KeyKind.TYPE


def _typo(written: str, after: str) -> Iterator[Keystroke]:
    """Yield the keys of two wrong characters and of two backspaces."""
    kinds = (KeyKind.TYPE, KeyKind.TYPE, KeyKind.DELETE, KeyKind.DELETE)
    for kind, n_wrong in zip(kinds, (1, 2, 1, 0), strict=True):
        before = written + _TYPO[:n_wrong]
        yield Keystroke(kind, before + after, len(before))


def _pieces(text: str, n_keystrokes: int, generator: random.Random) -> Iterator[range]:
    """Yield spans that take so many keys, in lines of their own, each near the one before.

    Ends earlier when no line near the last one is left.
    """
    lines = [range(match.start(), match.end()) for match in re.finditer(".*\n", text)]
    free = {
        number
        for number, line in enumerate(lines)
        if number and text[line.start : line.stop].strip()
    }
    line, n_keys = len(lines) // 2, 0
    while n_keys < n_keystrokes:
        near = sorted(free.intersection(range(line - JUMP_LINES, line + JUMP_LINES + 1)))
        if not near:
            return
        line = generator.choice(near)
        block = range(line, line + generator.randint(1, _MOST_BLOCK_LINES))
        if generator.random() < _LINE_END_SHARE or not free.issuperset(block):
            block, piece = range(line, line + 1), _line_end(text, lines[line], generator)
        else:
            # A new line begins with the line break above it.
            piece = range(lines[line - 1].stop - 1, lines[block[-1]].stop - 1)
        free.difference_update(block)
        yield piece
        n_keys += len(_KEY.findall(text, piece.start, piece.stop))


def _line_end(text: str, line: range, generator: random.Random) -> range:
    stop = line.stop - 1
    n_chars = len(text[line.start : stop].lstrip())
    return range(stop - generator.randint(1, min(n_chars, _MOST_LINE_END_CHARS)), stop)
