"""The language of `.gitignore`, exactly as git reads it.

The patterns of a file become two regular expressions, one for names and one for paths, whose
alternatives stand in reverse order: the first that matches is the pattern that git obeys. What
follows a wildcard is in an atomic group together with it, so that a hostile pattern such as
`*a*a*a*a*b` takes no longer than an honest one; leftmost matches suffice, because a star ends at
the next slash and later wildcards take whatever is left.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dulwich.wildmatch import MalformedPattern, translate_bracket_expression

MAX_IGNORE_FILE_BYTES = 256 * 1024
_MAX_PATTERNS = 2_000
_MAX_PATTERN_BYTES = 1_000

_ANY_FOLDERS = b"(?:[^/]*+/)*?"
_ANY_CHARACTERS = b"[^/]*?"

_TOKEN = re.compile(
    rb"(?:\A|(?<=/))(?:"
    rb"(?P<everything>(?:\*\*+/)*\*\*+\Z)|(?P<folders>(?:\*\*+/)+)|(?P<segment>\*(?=/|\Z)))"
    rb"|(?P<star>\*+)|(?P<one>\?)|\\(?P<escaped>.)|(?P<set>\[)|(?P<literal>[^*?\\\[]+)",
    re.DOTALL,
)
_SPECIAL = re.compile(rb"[*?\\\[]")
_EXPRESSIONS = {
    "everything": rb"[^/].*",
    "rest": rb".*",
    "segment": rb"[^/]++",
    "one": rb"[^/]",
}
# What these mean when the first part of a name stands before them.
_WITHIN_NAME = {"everything": "rest", "segment": "star"}
# Spaces at the end do not count unless a backslash stands before them. A backslash at the end makes
# a pattern that matches nothing.
_LINE = re.compile(rb"(?P<pattern>(?: *+(?:\\.|[^\\ ]))*+) *", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line: `regex` matches a name, or a path; folders are matched with a slash at the end."""

    regex: bytes
    is_path: bool
    ignores: bool


@dataclass(frozen=True, slots=True)
class _Alternatives:
    """Rules of one kind; group i of the expression is rule number `numbers[i - 1]` of the file."""

    expression: re.Pattern[bytes]
    numbers: tuple[int, ...]

    def last_match(self, text: bytes) -> int:
        match = self.expression.match(text)
        return -1 if match is None or match.lastindex is None else self.numbers[match.lastindex - 1]


@dataclass(frozen=True, slots=True)
class IgnorePatterns:
    """The patterns of one ignore file."""

    names: _Alternatives
    paths: _Alternatives
    negated: frozenset[int]

    def decision(self, path: bytes, name: bytes) -> bool | None:
        """Return whether the last pattern that matches ignores the path; None when none matches.

        `path` is relative to the file's folder, `name` its last part; folders end with a slash.
        """
        number = max(self.names.last_match(name), self.paths.last_match(path))
        return None if number < 0 else number not in self.negated


def parse_patterns(data: bytes) -> IgnorePatterns | None:
    """Return the patterns of an ignore file; None when there are none."""
    lines = data[:MAX_IGNORE_FILE_BYTES].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    rules = [rule for line in lines if (rule := _rule(line.removesuffix(b"\r"))) is not None]
    numbered = list(enumerate(rules[:_MAX_PATTERNS]))
    if not numbered:
        return None
    return IgnorePatterns(
        names=_alternatives((number, rule) for number, rule in numbered if not rule.is_path),
        paths=_alternatives((number, rule) for number, rule in numbered if rule.is_path),
        negated=frozenset(number for number, rule in numbered if not rule.ignores),
    )


def _rule(line: bytes) -> _Rule | None:
    match = _LINE.fullmatch(line)
    pattern = b"" if match is None or line.startswith(b"#") else match["pattern"]
    ignores = not pattern.startswith(b"!")
    pattern = pattern.removeprefix(b"!")
    body = pattern.removesuffix(b"/")
    if not body or len(body) > _MAX_PATTERN_BYTES:
        return None
    end = rb"/\Z" if body != pattern else rb"/?\Z"
    try:
        return _Rule(_regex(body.removeprefix(b"/"), end), b"/" in body, ignores)
    except MalformedPattern:
        return None


def _alternatives(rules: Iterable[tuple[int, _Rule]]) -> _Alternatives:
    latest_first = list(rules)[::-1]
    # Without alternatives the expression would match everything.
    expression = b"|".join(b"(" + rule.regex + b")" for _, rule in latest_first) or rb"(?!)"
    return _Alternatives(
        re.compile(expression, re.DOTALL), tuple(number for number, _ in latest_first)
    )


def _regex(pattern: bytes, end: bytes) -> bytes:
    chunks: list[list[bytes]] = [[b""]]
    for kind, regex in _tokens(pattern):
        if kind == "folders":
            chunks.append([b""])
        elif kind == "star":
            chunks[-1].append(b"")
        else:
            chunks[-1][-1] += regex
    chunks[-1][-1] += end
    return _joined(_ANY_FOLDERS, [_joined(_ANY_CHARACTERS, chunk) for chunk in chunks])


def _joined(wildcard: bytes, pieces: list[bytes]) -> bytes:
    return pieces[0] + b"".join(b"(?>" + wildcard + piece + b")" for piece in pieces[1:])


def _tokens(pattern: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the kind and the expression of each part.

    Git compares what stands before the first special character by itself, and two stars after it
    are at a beginning then: `a**/b` matches `a/b`, `ab` and `ax/y/b`.
    """
    prefix = _SPECIAL.split(pattern, maxsplit=1)[0]
    yield "literal", re.escape(prefix)
    position, rest = 0, pattern[len(prefix) :]
    while position < len(rest):
        match = _TOKEN.match(rest, position)
        if match is None:
            raise MalformedPattern(pattern)
        kind = str(match.lastgroup)
        if position == 0 and prefix and not prefix.endswith(b"/"):
            kind = _WITHIN_NAME.get(kind, kind)
        regex = _EXPRESSIONS.get(kind, re.escape(match["escaped"] or match[0]))
        position = match.end()
        if kind == "set":
            position, regex = translate_bracket_expression(rest, position)
        yield kind, regex
