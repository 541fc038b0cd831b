"""Keys that are known by how they begin; the facts are data (`formats.toml`).

Every search is linear: a beginning that the text must hold, a set of letters, and a count.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cloister.policy.secrets.finding import START, Finding

# Placeholders such as `ghp_xxxxxxxx` have fewer different letters than any key.
_LEAST_DIFFERENT = 7
_LETTERS = {
    "alphanumeric": "A-Za-z0-9",
    "base64": "A-Za-z0-9+/=",
    "base64url": "A-Za-z0-9_-",
    "base64url or base64": "A-Za-z0-9+/=_-",
    "dashed": "A-Za-z0-9-",
    "dotted": "A-Za-z0-9._=-",
    "hex": "A-Fa-f0-9",
    "lower alphanumeric": "a-z0-9",
    "path": "A-Za-z0-9_/@-",
    "upper alphanumeric": "A-Z0-9",
    "upper base32": "A-Z2-7",
    "word": "A-Za-z0-9_",
}


def find_keys(text: str) -> Iterator[Finding]:
    """Yield the keys of known services, in no order."""
    for known in _formats():
        if any(prefix in text for prefix in known.prefixes):
            for found in known.pattern.finditer(text):
                if len(set(found["key"])) >= _LEAST_DIFFERENT:
                    yield Finding(known.name, found.start(), found.end())


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    prefixes: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _formats() -> tuple[_Format, ...]:
    facts = tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))
    return tuple(map(_format, facts["format"]))


def _format(facts: dict[str, Any]) -> _Format:
    prefixes = tuple(facts["prefixes"])
    beginning = "|".join(map(re.escape, prefixes))
    # A beginning such as `.atlasv1.` marks a key from within.
    start = START if prefixes[0][0].isalnum() else ""
    pattern = re.compile(f"{start}(?:{beginning})(?P<key>{_key(facts)})")
    return _Format(facts["name"], prefixes, pattern)


def _key(facts: dict[str, Any]) -> str:
    letters = _LETTERS[facts["letters"]]
    if "length" in facts:
        return f"[{letters}]{{{facts['length']}}}(?![{letters}])"
    return f"[{letters}]{{{facts['least']},}}"
