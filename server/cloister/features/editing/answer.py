"""What a model wrote, read strictly: which pieces of it are code, and which change what.

A model is asked for one of two formats and seldom keeps to it exactly: there is prose around the
code, a fence is missing or never closed, thoughts come first. What can be told apart with certainty
is; everything else is a refusal in a plain sentence. Everything is read line by line, once, because
an answer may be as long and as strange as somebody likes. Nothing of it is ever run or opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cloister.core.errors import CloisterError
from cloister.core.text import with_plain_newlines

MOST_ANSWER_CHARS = 200_000
MOST_CANDIDATES = 6
_MOST_COMMENT_CHARS = 300

_THOUGHTS, _END_OF_THOUGHTS = "<think>", "</think>"
_SEARCH = re.compile(r"<{5,9} ?SEARCH\b")
_DIVIDER = re.compile(r"={5,9}\s*\Z")
_REPLACE = re.compile(r">{5,9} ?REPLACE\b")
_COMMENT = re.compile(r"#|//|--|/\*|<!--")
_DOTS = ("...", "…")
_ELSEWHERE = re.compile(
    r"\b(?:(?:rest|remainder) of (?:the )?(?:code|function|method|class|file|body|lines)"
    r"|(?:existing|unchanged|previous|remaining) (?:code|lines|methods|functions)"
    r"|other (?:methods|functions)|(?:same|unchanged) as before|remains? unchanged)\b"
)


class AnswerFormat(StrEnum):
    """How a model is asked to answer."""

    WHOLE = "whole"
    BLOCKS = "blocks"


class RefusedAnswerError(CloisterError):
    """The answer cannot become an edit; the message says why, and holds nothing of the answer."""


@dataclass(frozen=True, slots=True, repr=False)
class Replacement:
    """Put `new` in place of `old`, which stands in the text exactly once."""

    old: str
    new: str


def readable(answer: str) -> str:
    """Return an answer without the thoughts that it begins with, its line ends plain.

    Raises RefusedAnswerError when there is nothing, or too much.
    """
    if len(answer) > MOST_ANSWER_CHARS:
        raise RefusedAnswerError("The model wrote far too much; select less and try again.")
    text = with_plain_newlines(answer)
    if text.lstrip().startswith(_THOUGHTS):
        text = text.partition(_END_OF_THOUGHTS)[2]
    if not text.strip():
        raise RefusedAnswerError("The model wrote nothing; try again or choose another model.")
    return text


def code_candidates(answer: str) -> list[str]:
    """Return the pieces of an answer that may be the code asked for, the fenced ones if any.

    Line ends are plain. Raises RefusedAnswerError when there is nothing, or too much.
    """
    text = readable(answer)
    fenced = list(_fenced(text.split("\n")))
    # Small models say the same again and again.
    distinct = dict.fromkeys(code for code in fenced if code.strip())
    candidates = list(distinct) or ([] if fenced else [text])
    if not candidates:
        raise RefusedAnswerError("The model wrote no code; try again or choose another model.")
    if len(candidates) > MOST_CANDIDATES:
        raise RefusedAnswerError("The model wrote several versions; try again.")
    return candidates


def finished_part(answer: str) -> str:
    """Return what is whole of an answer that was cut off: all up to its last closed fence.

    Raises RefusedAnswerError when there is no such fence.
    """
    lines = with_plain_newlines(answer).split("\n")
    opening: _Fence | None = None
    n_whole = 0
    for number, line in enumerate(lines, 1):
        fence = _fence(line)
        if opening is None:
            opening = fence
        elif fence is not None and _closes(fence, opening):
            opening, n_whole = None, number
    if not n_whole:
        raise _unfinished()
    return "\n".join(lines[:n_whole])


def replacements_in(answer: str) -> list[Replacement]:
    """Return the search-and-replace blocks of an answer, in order.

    Raises RefusedAnswerError when there is none, or one that was not finished.
    """
    blocks = list(_blocks(readable(answer).split("\n")))
    if not blocks:
        raise RefusedAnswerError("The model named no changes; try again or choose another model.")
    return blocks


def leaves_out(code: str, original: str) -> bool:
    """Return whether `code` has a line such as `# ... rest of the code` instead of the rest."""
    known = {line.strip() for line in original.splitlines()}
    lines = (line.strip() for line in code.splitlines())
    return any(_stands_for_others(line) for line in lines if line and line not in known)


def _stands_for_others(line: str) -> bool:
    if len(line) > _MOST_COMMENT_CHARS:
        return False
    has_dots = any(dots in line for dots in _DOTS)
    if has_dots and not any(char.isalnum() for char in line):
        return True
    comment = _COMMENT.search(line)
    if comment is None:
        return False
    words = line[comment.end() :].lower()
    return any(dots in words for dots in _DOTS) or bool(_ELSEWHERE.search(words))


@dataclass(frozen=True, slots=True)
class _Fence:
    """A line that begins or ends code: its character, how many of them, and what follows."""

    char: str
    length: int
    words: str


def _fenced(lines: list[str]) -> Iterator[str]:
    """Yield the text between fences; where none is closed, the text from the first one on."""
    opening: _Fence | None = None
    code: list[str] = []
    n_closed = 0
    for line in lines:
        fence = _fence(line)
        if opening is None:
            if fence is not None:
                opening, code = fence, []
        elif fence is not None and _closes(fence, opening):
            yield "\n".join((*code, ""))
            n_closed += 1
            opening = None
        else:
            code.append(line)
    # What is cut off after something whole is at best the same again.
    if opening is not None and not n_closed:
        yield "\n".join(code)


def _fence(line: str) -> _Fence | None:
    text = line.strip()
    if not text.startswith(("```", "~~~")):
        return None
    length = len(text) - len(text.lstrip(text[0]))
    words = text[length:].strip()
    return None if "`" in words else _Fence(text[0], length, words)


def _closes(fence: _Fence, opening: _Fence) -> bool:
    is_same = fence.char == opening.char and fence.length >= opening.length
    return is_same and not fence.words


def _blocks(lines: list[str]) -> Iterator[Replacement]:
    parts: list[list[str]] = []
    for line in lines:
        if _SEARCH.match(line):
            if parts:
                raise _unfinished()
            parts = [[]]
        elif len(parts) == 1 and _DIVIDER.match(line):
            parts.append([])
        elif len(parts) == 2 and _REPLACE.match(line):  # noqa: PLR2004  # what is there, and what comes
            yield Replacement(*("".join(f"{it}\n" for it in part) for part in parts))
            parts = []
        elif parts:
            parts[-1].append(line)
    if parts:
        raise _unfinished()


def _unfinished() -> RefusedAnswerError:
    return RefusedAnswerError("The model did not finish its changes; select less and try again.")
