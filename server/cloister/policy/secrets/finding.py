"""What a search for secrets yields, and what all searches share."""

import re
from dataclasses import dataclass

# A word begins here; `\n` written out in a string counts as a break as well.
START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"

_FILLERS = re.compile(
    r"(?i)[\W_]*(?:x{3,}|y{3,}|a{4,}|0{4,}|pass|passw(?:or)?d|passphrase|pwd|secret|token|user|username"
    r"|change[-_]?(?:me|it)|examples?|sample|dummy|fake|foo|bar|test(?:ing)?|tests?|none|null|true"
    r"|false|redacted|hidden|removed|your[-_ ].*|my[-_ ].*|insert[-_ ].*|placeholder.*)[\W_\d]*"
)
# What a template or a shell puts there later, and what hides it.
_TEMPLATES = ("${", "$(", "{{", "%(", "%s", "<", "***", "...", "[redacted]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret in a text: the rule that found it, and its first and last offset (exclusive)."""

    rule: str
    start: int
    end: int


def is_placeholder(value: str) -> bool:
    """Return whether a value only stands where a secret would."""
    return any(mark in value for mark in _TEMPLATES) or bool(_FILLERS.fullmatch(value))
