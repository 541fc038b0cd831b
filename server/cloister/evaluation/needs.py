"""What a case needs from other files, and how much of it a context holds. Pure.

A name is needed when the truth uses it, the window does not show it, and another file of the parent
tree does. That is the recall of identifiers that is published for context builders.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cloister.evaluation.cases import Case
from cloister.evaluation.corpus import Corpus
from cloister.evaluation.words import words_in

CHARS_BEFORE = 6000
CHARS_AFTER = 2000

_BLANKS = re.compile(r"\s+")

CountTokens = Callable[[str], int]


class Stratum(StrEnum):
    """Where the names of the truth are to be found, by the farthest of them."""

    CROSS_FILE = "cross-file"
    NOVEL = "novel"
    IN_FILE = "in-file"


@dataclass(frozen=True, slots=True)
class Window:
    """What the model is shown of the case's own file."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The names that other files must give, and by name the lines that define them, if any do."""

    stratum: Stratum
    names: tuple[str, ...]
    defining_lines: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Passage:
    """Text that a builder chose, with where it is from, which source gave it, and why."""

    path: str
    first_line: int
    text: str
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the needs a context holds: names anywhere in it, and names that it defines.

    `useful_lines` of its `lines` hold a needed name.
    """

    found: tuple[str, ...]
    defined: tuple[str, ...]
    tokens: int
    lines: int
    useful_lines: int


def usual_window(case: Case) -> Window:
    """Return the window that completions use when no model says how much it can read."""
    return Window(case.prefix[-CHARS_BEFORE:], case.suffix[:CHARS_AFTER])


def needed_names(case: Case, window: Window, corpus: Corpus) -> tuple[Stratum, tuple[str, ...]]:
    """Return the stratum of a case and the names that it needs from other files."""
    shown = {*words_in(window.before), *words_in(window.after)}
    missing = [name for name in case.names if name not in shown]
    needed = tuple(name for name in missing if corpus.files_with(name) - {case.path})
    if needed:
        return Stratum.CROSS_FILE, needed
    own = {*words_in(case.prefix), *words_in(case.suffix)}
    in_file = all(name in own for name in missing)
    return (Stratum.IN_FILE if in_file else Stratum.NOVEL), ()


def coverage(passages: Sequence[Passage], needs: Needs, count_tokens: CountTokens) -> Coverage:
    """Return what of the needs is in the passages."""
    text = "\n".join(passage.text for passage in passages)
    words, plain, wanted = set(words_in(text)), plainly(text), frozenset(needs.names)
    lines = [line for line in text.split("\n") if line.strip()]
    return Coverage(
        found=tuple(name for name in needs.names if name in words),
        defined=tuple(
            name
            for name, defining in needs.defining_lines.items()
            if any(line in plain for line in defining)
        ),
        tokens=count_tokens(text) if text else 0,
        lines=len(lines),
        useful_lines=sum(not wanted.isdisjoint(words_in(line)) for line in lines),
    )


def plainly(text: str) -> str:
    """Return a text with every run of blanks as one space, as definitions are compared."""
    return _BLANKS.sub(" ", text).strip()


def bytes_over_four(text: str) -> int:
    """Return the tokens of a text as they are counted without a model: a quarter of its bytes."""
    return -(-len(text.encode("utf-8", "replace")) // 4)
