"""The last outcomes, so that "nothing appeared" always has an answer."""

from collections import Counter, deque
from dataclasses import dataclass

from cloister.core.generation import Timings
from cloister.core.outcome import Outcome

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """One finished request: how it ended and what it cost, without any text."""

    outcome: Outcome
    timings: Timings


class OutcomeRing:
    """Keeps the last outcomes and counts all of them by kind."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._records: deque[OutcomeRecord] = deque(maxlen=size)
        self._counts: Counter[str] = Counter()
        self._accepted = 0

    def record(self, outcome: Outcome, timings: Timings) -> None:
        """Remember one finished request."""
        self._records.append(OutcomeRecord(outcome, timings))
        self._counts[outcome.kind.value] += 1

    def record_acceptance(self) -> None:
        """Count one accepted suggestion."""
        self._accepted += 1

    @property
    def last(self) -> OutcomeRecord | None:
        """The newest record."""
        return self._records[-1] if self._records else None

    def recent(self, n_records: int) -> list[OutcomeRecord]:
        """Return up to `n_records` records, newest first."""
        return list(self._records)[::-1][:n_records]

    def counts(self) -> dict[str, int]:
        """Return how many requests ended in each way, and how many suggestions were accepted."""
        return {**dict(self._counts), "accepted": self._accepted}
