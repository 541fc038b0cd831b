"""Values that are given to names such as `api_key` or `password` and look made up by a machine.

A name alone proves nothing: code is full of `token = next(tokens)`. So the value must be a literal,
or stand alone as in `.env` files, and must look random; passwords only need to be mixed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from cloister.policy.secrets.finding import Finding, is_placeholder

_NAME = (
    r"(?i:(?P<name>api[_-]?key|access[_-]?key|account[_-]?key|auth[_-]?key|private[_-]?key"
    r"|signing[_-]?key|encryption[_-]?key|credential|passw(?:or)?d|passphrase|pwd|secret|token"
    r"|sharedaccesskey|authorization)[\w-]{0,30})"
)
_QUOTED = r"[\"'\]]{0,3}[ \t]{0,20}(?::=|=>|[:=,])[ \t]{0,20}[brfu@]{0,2}(?P<quote>[\"'`])"
_IN_QUOTES = rf"{_QUOTED}(?:(?i:bearer|basic|token)[ ])?(?P<quoted>[^\"'`\s]{{8,200}})(?P=quote)"
# `NAME=value` without spaces, or `name: value` to the end of the line.
_BARE = (
    r"(?:=|:[ ]{1,8})(?:(?i:bearer|basic|token)[ ])?"
    r"(?P<bare>[^\s\"'`;,&(){}\[\]<>]{8,200})(?=[;&\"'`\s]|$)"
)
_ASSIGNMENT = re.compile(f"{_NAME}(?:{_IN_QUOTES}|{_BARE})")
_PASSWORD_NAMES = ("pass", "pwd")

_LEAST_RANDOM_CHARS = 16
# Of 16 letters a machine's choice has 3.2 bits each or more, an English word 2.9 at most.
_LEAST_BITS = 3.2
# Runs of letters are words; a random value has them by chance, but then it has digits as well.
_WORD = re.compile(r"[a-z]{6,}|[A-Z][a-z]{4,}|[A-Z]{6,}")
_MOST_WORDS = 0.25
_ENOUGH_DIGITS = 0.15
_CLASSES = tuple(map(re.compile, (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")))
_LEAST_CLASSES = 3


def find_assignments(text: str) -> Iterator[Finding]:
    """Yield the values that look like secrets and are given to names of secrets."""
    for found in _ASSIGNMENT.finditer(text):
        group = "quoted" if found["quoted"] else "bare"
        value = found[group]
        if is_placeholder(value):
            continue
        is_password = found["name"].lower().startswith(_PASSWORD_NAMES)
        if looks_random(value) or (is_password and group == "quoted" and _is_mixed(value)):
            yield Finding("password" if is_password else "assigned secret", *found.span(group))


def looks_random(value: str) -> bool:
    """Return whether a value has letters, digits and no order, as what a machine makes."""
    n_chars, n_digits = len(value), sum(map(str.isdigit, value))
    if n_chars < _LEAST_RANDOM_CHARS or not n_digits or _bits_per_char(value) < _LEAST_BITS:
        return False
    n_words = len("".join(_WORD.findall(value)))
    return n_words <= _MOST_WORDS * n_chars or n_digits >= _ENOUGH_DIGITS * n_chars


def _is_mixed(value: str) -> bool:
    return sum(bool(kind.search(value)) for kind in _CLASSES) >= _LEAST_CLASSES


def _bits_per_char(value: str) -> float:
    n_chars = len(value)
    return -sum(n / n_chars * log2(n / n_chars) for n in Counter(value).values())
