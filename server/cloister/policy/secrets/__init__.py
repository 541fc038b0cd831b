"""Finds passwords, keys and tokens in text that is about to leave; pure, and a net, not a promise.

What is found blocks the text, because a prompt with holes gives bad code and false comfort; who
wants it all the same may have the secrets taken out. Work grows with the text and no faster.
"""

from collections.abc import Iterable
from enum import StrEnum

from cloister.policy.secrets.assignments import find_assignments
from cloister.policy.secrets.finding import Finding
from cloister.policy.secrets.formats import find_keys
from cloister.policy.secrets.shapes import find_shapes

__all__ = ["REDACTED", "Finding", "OnSecret", "redact", "scan"]

REDACTED = "[redacted]"
# What is taken out may uncover more next to it, but hardly twice.
_MOST_ROUNDS = 10


class OnSecret(StrEnum):
    """What becomes of a text with secrets."""

    BLOCK = "block"
    REDACT = "redact"


def scan(text: str) -> tuple[Finding, ...]:
    """Return the secrets in a text, in its order; none overlaps another."""
    return tuple(_apart((*find_keys(text), *find_shapes(text), *find_assignments(text))))


def redact(text: str) -> str:
    """Return the text with every secret replaced; a second time changes nothing."""
    for _ in range(_MOST_ROUNDS):
        findings = scan(text)
        if not findings:
            break
        for finding in reversed(findings):
            text = text[: finding.start] + REDACTED + text[finding.end :]
    return text


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Join what overlaps under the name of what begins first and is longest."""
    apart: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        first = apart[-1] if apart else None
        if first is None or finding.start >= first.end:
            apart.append(finding)
        elif finding.end > first.end:
            apart[-1] = Finding(first.rule, first.start, finding.end)
    return apart
