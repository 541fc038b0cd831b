r"""Makes examples of files, in exactly the order in which the product asks.

    head    (<|file_sep|> path "\n" text)* <|file_sep|> path "\n"     other files first, or absent
    hole    head <|fim_suffix|> suffix <|fim_prefix|> prefix <|fim_middle|> middle <|endoftext|>
    plain   head text <|endoftext|>

The text before a hole begins with a line, the text after it ends with one.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from cloister.core.text import Span
from cloister.syntax.languages import language_named
from train.corpus import SourceFile
from train.cuts import SHARES, cut
from train.knobs import LANGUAGE_SHARES
from train.tokenizer import END, FILE, MIDDLE, PREFIX, SUFFIX

SILENT, TEXT = 0, 1
"""Codes of tokens that are not learnt, and of ordinary text; kinds of holes follow."""

CODES = {kind: code for code, kind in enumerate(SHARES, TEXT + 1)}
_CHARS_PER_TOKEN = 3.2
_SHORTEST_TOKENS = 110
_MARKERS_TOKENS = 40
_PLAIN_SHARE = 0.12
_HEAD_SHARE = 0.9
_NEIGHBOUR_SHARE = 0.25
_NO_SUFFIX_SHARE = 0.06
_PACKAGE_POWER = 0.7
_N_CANDIDATES = 6
_NAME = re.compile(r"\b[A-Za-z_]\w{4,}")


class Piece(NamedTuple):
    """A marker, or text that is tokenized by itself, and the code of its tokens."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Library:
    """The files to draw from: with cumulated weights by language, and by package and folder."""

    by_language: dict[str, tuple[Sequence[SourceFile], Sequence[float]]]
    folders: dict[tuple[str, str], list[SourceFile]]


def library_of(files: Sequence[SourceFile]) -> Library:
    """Return the files with their weights: a package counts by its size to the power 0.7."""
    sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
    folders: defaultdict[tuple[str, str], list[SourceFile]] = defaultdict(list)
    languages: defaultdict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        sizes[file.package, file.language] += len(file.text)
        folders[_folder(file)].append(file)
        languages[file.language].append(file)

    def weight(file: SourceFile) -> float:
        return len(file.text) * float(sizes[file.package, file.language] ** (_PACKAGE_POWER - 1))

    by_language = {
        name: (members, list(accumulate(map(weight, members))))
        for name, members in sorted(languages.items())
    }
    return Library(by_language, dict(folders))


def example(library: Library, dice: random.Random, row_tokens: int) -> list[Piece]:
    """Return an example of up to about `row_tokens`."""
    file = _draw(library, dice)
    room = row_tokens - _MARKERS_TOKENS
    n_tokens = _SHORTEST_TOKENS * (room / _SHORTEST_TOKENS) ** dice.random()
    others: list[Piece] = []
    if dice.random() < _NEIGHBOUR_SHARE:
        share = dice.uniform(0.3, 0.6)
        n_tokens = max(n_tokens, 0.6 * room)
        text = _window(file.text, (1 - share) * n_tokens, dice)
        others = _neighbour(library.folders[_folder(file)], file, text, share * n_tokens, dice)
    else:
        text = _window(file.text, n_tokens, dice)
    head = list(_head(file.path, dice) if not others else _file(file.path, ""))
    hole = None if dice.random() < _PLAIN_SHARE else cut(text, language_named(file.language), dice)
    if hole is None:
        return [*others, *head, Piece(text, TEXT), Piece(END, TEXT)]
    return [*others, *head, *_with_hole(text, hole.span, CODES[hole.kind], dice)]


def _draw(library: Library, dice: random.Random) -> SourceFile:
    names = list(library.by_language)
    language = dice.choices(names, [LANGUAGE_SHARES[name] for name in names])[0]
    files, weights = library.by_language[language]
    return dice.choices(files, cum_weights=weights)[0]


def _with_hole(text: str, hole: Span, code: int, dice: random.Random) -> Iterator[Piece]:
    after = "" if dice.random() < _NO_SUFFIX_SHARE else text[hole.end :]
    yield Piece(SUFFIX, SILENT)
    if after:
        yield Piece(after, TEXT)
    yield Piece(PREFIX, SILENT)
    if hole.start:
        yield Piece(text[: hole.start], TEXT)
    yield Piece(MIDDLE, SILENT)
    yield Piece(text[hole.start : hole.end], code)
    yield Piece(END, code)


def _head(path: str, dice: random.Random) -> Iterator[Piece]:
    if dice.random() < _HEAD_SHARE:
        yield from _file(path, "")


def _file(path: str, text: str) -> Iterator[Piece]:
    yield Piece(FILE, SILENT)
    yield Piece(f"{path}\n", SILENT)
    if text:
        yield Piece(text, TEXT)


def _window(text: str, n_tokens: float, dice: random.Random) -> str:
    """Return whole lines of about so many tokens from anywhere; every seventh starts the file."""
    n_chars = int(n_tokens * _CHARS_PER_TOKEN)
    if len(text) <= n_chars:
        return text
    start = 0
    if dice.random() > 1 / 7:
        start = text.rfind("\n", 0, dice.randrange(len(text) - n_chars // 2)) + 1
    end = text.rfind("\n", start, start + n_chars) + 1
    return text[start:end] if end > start else text[start : start + n_chars]


def _neighbour(
    folder: Sequence[SourceFile],
    file: SourceFile,
    text: str,
    n_tokens: float,
    dice: random.Random,
) -> list[Piece]:
    """Return a part of another file of the folder, of a few the one that shares most names."""
    names = set(_NAME.findall(text))
    best, most = None, 0
    for _ in range(_N_CANDIDATES):
        other = dice.choice(folder)
        part = _window(other.text, n_tokens, dice)
        n_shared = len(names.intersection(_NAME.findall(part)))
        if other is not file and n_shared > most:
            best, most = _file(other.path, part), n_shared
    return list(best or ())


def _folder(file: SourceFile) -> tuple[str, str]:
    return file.package, file.path.rpartition("/")[0]
