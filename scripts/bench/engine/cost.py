"""What keystrokes cost, whoever served them, and what is counted of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.engine.recording import Keystroke

ANSWER_TOKENS = 4
"""How much is generated for a keystroke: enough to be typed over, little enough to repeat often."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A keystroke in one of several documents."""

    document: str
    keystroke: Keystroke


@dataclass(frozen=True, slots=True)
class Cost:
    """What one keystroke cost, in milliseconds and in tokens.

    `added_tokens` are those of the text that the prompt has grown by since the last key: none
    within a word, which is no part of the prompt, and the whole word when it ends.
    `first_token_ms` counts from the key on, `engine_ms` from where the request leaves for the
    engine; `writing_ms` is the time between the first piece of the answer and its end, in which
    `written_tokens` came.
    """

    first_token_ms: float
    prompt_tokens: int
    evaluated_tokens: int
    added_tokens: int = 0
    engine_ms: float = 0.0
    writing_ms: float = 0.0
    written_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle, the 95th percentile and the largest of some numbers."""

    p50: float
    p95: float
    most: float


def spread_of(numbers: Sequence[float]) -> Spread:
    """Return the spread of at least two numbers."""
    cuts = quantiles(numbers, n=20, method="inclusive")
    return Spread(p50=cuts[9], p95=cuts[18], most=max(numbers))


def tokens_per_second(costs: Sequence[Cost]) -> float:
    """Return how fast answers were written, over all of them together."""
    tokens = sum(cost.written_tokens for cost in costs)
    return 1000 * tokens / max(1e-9, sum(cost.writing_ms for cost in costs))


def median_prompt_tokens(costs: Sequence[Cost]) -> int:
    """Return how long the prompt of one of these keystrokes is."""
    return int(median(cost.prompt_tokens for cost in costs))
