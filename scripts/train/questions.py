"""What a model is asked when it is measured: holes in files of packages that it never saw. Pure.

Holes are in code: not in comments, documentation or other long strings, and not in tests.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloister.core.generation import TEXT_SEPARATOR
from cloister.syntax.languages import language_named
from cloister.syntax.tree import ParsedSource, parse
from train.cleaning import is_test
from train.corpus import SourceFile
from train.cuts import Kind, cut

_LEAST_FILE_CHARS = 1500
_LEAST_TRUTH_CHARS = 4
_MOST_OTHER_CHARS = 400_000


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """A file with a hole; `others` is the rest of its package, the nearest files first."""

    file: SourceFile
    kind: Kind
    start: int
    end: int
    others: str

    @property
    def before(self) -> str:
        """The text before the cursor."""
        return self.file.text[: self.start]

    @property
    def truth(self) -> str:
        """What is missing."""
        return self.file.text[self.start : self.end]

    @property
    def after(self) -> str:
        """The text after the cursor."""
        return self.file.text[self.end :]


def written_in(language: str, files: Sequence[SourceFile]) -> list[SourceFile]:
    """Return the files in a language, of packages that are mostly written in it."""
    sizes: defaultdict[str, int] = defaultdict(int)
    for file in files:
        sizes[file.package] += len(file.text) * (1 if file.language == language else -1)
    return [file for file in files if file.language == language and sizes[file.package] > 0]


def questions_in(files: Sequence[SourceFile], n_questions: int, seed: int = 0) -> list[Question]:
    """Return so many questions of one language, of each package about as many."""
    dice = random.Random(f"questions/{seed}")  # noqa: S311  # repeatable
    packages: defaultdict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        packages[file.package].append(file)
    found: list[Question] = []
    for members in packages.values():
        asked = [
            file
            for file in members
            if len(file.text) >= _LEAST_FILE_CHARS and not is_test(file.path)
        ]
        if asked:
            source = _questions(asked, members, dice)
            found += [next(source) for _ in range(-(-n_questions // len(packages)))]
    return found[:n_questions]


def _questions(
    files: Sequence[SourceFile], members: Sequence[SourceFile], dice: random.Random
) -> Iterator[Question]:
    while True:
        file = dice.choice(files)
        language = language_named(file.language)
        hole = cut(file.text, language, dice)
        if hole is None or hole.kind is Kind.ANY or language is None:
            continue
        start, end = hole.span.start, hole.span.end
        is_long_enough = len(file.text[start:end].strip()) >= _LEAST_TRUTH_CHARS
        if is_long_enough and _is_code(parse(file.text, language), start):
            yield Question(file, hole.kind, start, end, _others(file, members))


def _is_code(parsed: ParsedSource, offset: int) -> bool:
    byte = parsed.byte(offset)
    node = parsed.root.descendant_for_byte_range(byte, byte + 1)
    while node is not None:
        is_long = node.end_point.row > node.start_point.row
        if "comment" in node.type or ("string" in node.type and is_long):
            return False
        node = node.parent
    return True


def _others(file: SourceFile, members: Sequence[SourceFile]) -> str:
    """Return the package's other files, those first that share most folders with this one."""
    folders = file.path.split("/")[:-1]

    def distance(other: SourceFile) -> tuple[int, str]:
        theirs = other.path.split("/")[:-1]
        n_shared = next(
            (n for n, (a, b) in enumerate(zip(folders, theirs, strict=False)) if a != b),
            min(len(folders), len(theirs)),
        )
        return -n_shared, other.path

    room, texts = _MOST_OTHER_CHARS, []
    for other in sorted(members, key=distance):
        if other is not file and len(other.text) <= room:
            texts.append(other.text)
            room -= len(other.text)
    return TEXT_SEPARATOR.join(texts)
