"""Cuts holes into source text, the way an editor asks for them.

A hole begins where people pause and where the product asks: at the word that is being typed (which
it has the model write again), after a bracket or a dot, at the indentation of a new line. It ends
with the line, or with the statement or block that the tree says.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cloister.core.text import Span
from cloister.syntax.languages import Language
from cloister.syntax.statements import blocks_in, statements_in
from cloister.syntax.tree import ParsedSource, parse

_MOST_MIDDLE_CHARS = 400
_MOST_LINES = 4
_NEW_LINE_SHARE = 0.2
_PAUSE_SHARE = 0.4
_PAUSE = re.compile(r"[\s.,()\[\]{}=:\"'+\-*/<>!&|]")
_WORD = re.compile(r"\w+\Z")
_BLANK = re.compile(r"\S")


class Kind(StrEnum):
    """What a hole is."""

    LINE = "rest of line"
    WORD = "rest of line from inside a word"
    INSIDE = "inside a line"
    WHOLE_LINES = "whole lines"
    STATEMENT = "rest of statement"
    BLOCK = "block"
    ANY = "any span"


SHARES = {
    Kind.LINE: 0.50,
    Kind.WORD: 0.08,
    Kind.INSIDE: 0.10,
    Kind.WHOLE_LINES: 0.12,
    Kind.STATEMENT: 0.09,
    Kind.BLOCK: 0.07,
    Kind.ANY: 0.04,
}


@dataclass(frozen=True, slots=True)
class Hole:
    """What is missing of a text."""

    kind: Kind
    span: Span


def cut(text: str, language: Language | None, dice: random.Random) -> Hole | None:
    """Return a hole, None where the dice found no place for one."""
    kind = dice.choices(list(SHARES), list(SHARES.values()))[0]
    line = _some_line(text, dice)
    if line is None:
        return None
    span = _CUTS[kind](text, line, language, dice)
    if span is None or not 0 < len(text[span.start : span.end].strip()) <= _MOST_MIDDLE_CHARS:
        return None
    return Hole(kind, span)


def _rest_of_line(text: str, line: Span, _: Language | None, dice: random.Random) -> Span:
    return Span(_cursor(text, line, dice), line.end)


def _from_inside_a_word(text: str, line: Span, _: Language | None, dice: random.Random) -> Span:
    return Span(dice.randrange(_code_start(text, line), line.end), line.end)


def _inside_line(text: str, line: Span, _: Language | None, dice: random.Random) -> Span:
    start = _cursor(text, line, dice)
    ends = [match.start() for match in _PAUSE.finditer(text, start + 1, line.end)]
    return Span(start, dice.choice(ends or [line.end]))


def _whole_lines(text: str, line: Span, _: Language | None, dice: random.Random) -> Span:
    end = line.end
    for _line in range(dice.choice((0, 0, 1, 1, 2, _MOST_LINES - 1))):
        following = text.find("\n", end + 1)
        if following < 0 or not text[end:following].strip():
            break
        end = following
    return Span(_code_start(text, line), end)


def _rest_of_statement(
    text: str, line: Span, language: Language | None, dice: random.Random
) -> Span | None:
    return _from_tree(text, _cursor(text, line, dice), language, statements_in, dice)


def _rest_of_block(
    text: str, line: Span, language: Language | None, dice: random.Random
) -> Span | None:
    return _from_tree(text, _code_start(text, line), language, blocks_in, dice)


def _any_span(text: str, line: Span, _: Language | None, dice: random.Random) -> Span:
    start = dice.randrange(line.start, line.end)
    return Span(start, min(len(text), start + dice.randint(1, 150)))


_CUTS: dict[Kind, Callable[[str, Span, Language | None, random.Random], Span | None]] = {
    Kind.LINE: _rest_of_line,
    Kind.WORD: _from_inside_a_word,
    Kind.INSIDE: _inside_line,
    Kind.WHOLE_LINES: _whole_lines,
    Kind.STATEMENT: _rest_of_statement,
    Kind.BLOCK: _rest_of_block,
    Kind.ANY: _any_span,
}


def _from_tree(
    text: str,
    start: int,
    language: Language | None,
    nodes: Callable[[ParsedSource, Span], list[Span]],
    dice: random.Random,
) -> Span | None:
    """Return from `start` to the end of one of the nodes around it that are not too long."""
    if language is None:
        return None
    found = nodes(parse(text, language), Span(start, start + 1))
    ends = {
        node.start + len(text[node.start : node.end].rstrip())
        for node in found
        if node.start <= start < node.end
    }
    near = sorted(end for end in ends if start < end <= start + _MOST_MIDDLE_CHARS)
    return Span(start, dice.choice(near)) if near else None


def _some_line(text: str, dice: random.Random) -> Span | None:
    """Return a line with code, oftener a late one: more is known before than after a cursor."""
    place = int(len(text) * dice.betavariate(2.2, 1.2))
    for _attempt in range(4):
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        line = Span(start, len(text) if end < 0 else end)
        if text[line.start : line.end].strip():
            return line
        place = int(len(text) * dice.random())
    return None


def _cursor(text: str, line: Span, dice: random.Random) -> int:
    """Return where somebody pauses who writes this line."""
    first = _code_start(text, line)
    if dice.random() < _NEW_LINE_SHARE:
        return first
    if dice.random() < _PAUSE_SHARE:
        pauses = [match.end() for match in _PAUSE.finditer(text, first, line.end - 1)]
        return dice.choice(pauses or [first])
    place = dice.randrange(first, line.end)
    half_typed = _WORD.search(text, line.start, place)
    return max(half_typed.start(), first) if half_typed else place


def _code_start(text: str, line: Span) -> int:
    found = _BLANK.search(text, line.start, line.end)
    return found.start() if found else line.start
