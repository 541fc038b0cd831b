"""How a request ended; every request has exactly one outcome, so an absence is explainable."""

from dataclasses import dataclass
from enum import StrEnum


class OutcomeKind(StrEnum):
    """The seven ways a request can end."""

    SHOWN = "shown"
    EMPTY = "empty"
    DECLINED = "declined"
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    LATE = "late"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is a plain sentence for people; it never holds source text."""

    kind: OutcomeKind
    reason: str = ""
