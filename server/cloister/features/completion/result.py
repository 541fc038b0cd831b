"""What a completion ends with."""

from dataclasses import dataclass

from cloister.core.generation import Timings
from cloister.core.outcome import Outcome
from cloister.core.suggestion import Suggestion
from cloister.features.completion.candidate import Answer


@dataclass(frozen=True, slots=True)
class CompletionResult:
    """The suggestions (at most one today), how the request ended, and what it cost.

    `answer` is what the suggestion was made of.
    """

    suggestions: tuple[Suggestion, ...]
    outcome: Outcome
    model: str | None
    backend: str
    timings: Timings
    answer: Answer | None = None
