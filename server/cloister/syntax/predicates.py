"""The predicates of our queries: what the text of a capture must be.

`(#eq? @a "x")`, `(#eq? @a @b)`, `(#any-of? @a "x" "y")`, `(#match? @a "^x")` and their opposites
with `not-`. A capture that a match does not have fulfils all of them.
"""

import re
from dataclasses import dataclass

_PREDICATE = re.compile(
    r"""\( \# (not-)? (eq|any-of|match)\?      # the name
        \s+ @([\w.-]+)                         # the capture
        ((?: \s+ (?: @[\w.-]+ | "(?:[^"\\]|\\.)*" ))+) \s* \)""",
    re.VERBOSE,
)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


@dataclass(frozen=True, slots=True)
class Predicate:
    """What holds for the text of `capture`.

    It is one of `expected` (or the text of the capture `other`), or `pattern` is found in it; the
    opposite where `is_negated`.
    """

    capture: str
    is_negated: bool
    expected: frozenset[str] = frozenset()
    other: str = ""
    pattern: re.Pattern[str] | None = None

    def holds(self, text: str, expected: frozenset[str]) -> bool:
        """Return whether it holds for a text."""
        found = self.pattern.search(text) is not None if self.pattern else text in expected
        return found is not self.is_negated


def predicates_in(source: str) -> tuple[Predicate, ...]:
    """Return the predicates of one pattern of a query."""
    return tuple(_predicate(*found.groups()) for found in _PREDICATE.finditer(source))


def without_predicates(source: str) -> str:
    """Return the query with blanks in place of its predicates, so that no byte moves."""
    return _PREDICATE.sub(lambda found: " " * len(found[0].encode()), source)


def _predicate(negation: str | None, name: str, capture: str, args: str) -> Predicate:
    texts = [_ESCAPE.sub(_unescaped, text) for text in _TEXT.findall(args)]
    other = re.match(r"\s*@([\w.-]+)", args)
    return Predicate(
        capture=capture,
        is_negated=negation is not None,
        expected=frozenset(texts),
        other=other[1] if other else "",
        pattern=re.compile(texts[0]) if name == "match" else None,
    )


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPED.get(found[1], found[1])
