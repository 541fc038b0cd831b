"""Guesses what a model writes next, so that one evaluation checks several tokens.

Code repeats itself: what once followed the last tokens is likely to follow them again, the more so
the longer the two texts have agreed. A guess never changes an answer, because a token is kept only
where the model itself would have written it; a wrong one costs its share of the evaluation. So a
draft is as long as pays on this machine, which is measured, and often that is not at all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

DRAFT_BATCHES = (2, 4, 8, 16)
"""The tokens that are evaluated together with a draft; kernels are made for these sizes."""

LONGEST_DRAFT_TOKENS = DRAFT_BATCHES[-1] - 1

# On three packages of Python, a text that had agreed with an earlier one for 1, 2, 4, 8 and 12
# tokens went on as that did in 27, 47, 64, 82 and 94 % of all cases; this says 22, 45, 70, 87, 92.
_DOUBT, _GROWING_TRUST = 3.5, 1.5
_TRUST_IN_EXPECTED = 8
# The number of tokens to this power, roughly: on the processors tried 2 tokens cost as much as 1.5
# to 2 single ones, 4 as 2.2 to 2.9, 8 as 3.7 to 5, and 16 as 6 to 10.
_ASSUMED_GROWTH = 0.7
# What a draft must promise: guessing costs a little as well, and costs are not known exactly.
_LEAST_GAIN = 1.1
_NEWEST_SHARE = 0.2
_FADING = 0.01
_LONGEST_SEARCH_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote after the text `before`."""

    before: str
    text: str

    def rest(self, now: str) -> str:
        """Return what is left of it when the text before is `now`; nothing when that disagrees."""
        typed = now[len(self.before) :]
        agrees = now.startswith(self.before) and self.text.startswith(typed)
        return self.text[len(typed) :] if agrees else ""


class Forecast(NamedTuple):
    """Tokens that may come next, from a text that has agreed for `agreed` tokens so far."""

    agreed: int
    tokens: tuple[int, ...]


class BatchCosts:
    """What batches cost on this machine, in evaluations of one token.

    What has not been seen for long fades to what is assumed, so that no stall is remembered for
    ever.
    """

    def __init__(self) -> None:
        self._single_seconds = 0.0
        self._ratios = {n_tokens: _assumed_cost(n_tokens) for n_tokens in DRAFT_BATCHES}

    def cost(self, n_tokens: int) -> float:
        """Return the cost of a batch of 1 token or of one of DRAFT_BATCHES."""
        return self._ratios.get(n_tokens, 1.0)

    def record(self, n_tokens: int, seconds: float) -> None:
        """Take an evaluation into account, sampling included; other sizes teach nothing."""
        if n_tokens == 1:
            self._single_seconds = _moved(self._single_seconds or seconds, seconds, _NEWEST_SHARE)
            for size, ratio in self._ratios.items():
                self._ratios[size] = _moved(ratio, _assumed_cost(size), _FADING)
        elif n_tokens in self._ratios and self._single_seconds:
            measured = seconds / self._single_seconds
            self._ratios[n_tokens] = _moved(self._ratios[n_tokens], measured, _NEWEST_SHARE)


class Drafter:
    """Follows one text, prompt and answer, and guesses how it goes on.

    `expected` is what the answer is likely to be from its first token on.
    """

    def __init__(self, prompt: Sequence[int], expected: Sequence[int]) -> None:
        # As characters, because nothing finds a run of numbers faster than a search in a string.
        self._text = "".join(map(chr, (*expected, *prompt)))
        self._n_expected = len(expected)
        self._next, self._agreed = 0, _TRUST_IN_EXPECTED
        if not expected:
            self._search()

    def add(self, token: int) -> None:
        """Take note of the next token."""
        agrees = self._agreed > 0 and self._text[self._next] == chr(token)
        self._text += chr(token)
        if agrees:
            self._next += 1
            self._agreed += 1
        else:
            self._search()

    def draft(
        self, most_tokens: int, cost: Callable[[int], float], *others: Forecast
    ) -> tuple[int, ...]:
        """Return the guesses worth checking, of ours and `others`; `cost` is that of a batch."""
        return _worth_checking((self._forecast(), *others), most_tokens, cost)

    def _forecast(self) -> Forecast:
        # What follows the expected text is the prompt, and has nothing to do with it.
        is_expected = self._next <= self._n_expected
        known_end = self._n_expected if is_expected else len(self._text)
        end = min(known_end, self._next + LONGEST_DRAFT_TOKENS)
        return Forecast(self._agreed, tuple(map(ord, self._text[self._next : end])))

    def _search(self) -> None:
        """Find the longest earlier run that equals the last tokens, and of those the latest."""
        text = self._text
        self._agreed = 0
        for n_tokens in range(1, min(_LONGEST_SEARCH_TOKENS, len(text) - 1) + 1):
            place = text.rfind(text[-n_tokens:], 0, -1)
            if place < 0:
                return
            self._agreed, self._next = n_tokens, place + n_tokens


def kept_tokens(agreed: int, batch_tokens: int) -> float:
    """Return how many tokens of a batch are kept on average: the first, and drafts while right."""
    kept, chance = 1.0, 1.0
    for so_far in range(agreed, agreed + batch_tokens - 1):
        trust = so_far**_GROWING_TRUST
        chance *= trust / (trust + _DOUBT)
        kept += chance
    return kept


def _worth_checking(
    forecasts: Iterable[Forecast], most_tokens: int, cost: Callable[[int], float]
) -> tuple[int, ...]:
    """Return the guesses that promise most, often none; `cost` is that of a batch."""
    promises = (
        (kept_tokens(it.agreed, size) / cost(size), it.tokens[: size - 1])
        for it in forecasts
        if it.agreed
        for size in DRAFT_BATCHES
        if size <= min(most_tokens, len(it.tokens)) + 1
    )
    gain, tokens = max(promises, key=lambda promise: promise[0], default=(0.0, ()))
    return tokens if gain >= _LEAST_GAIN else ()


def _assumed_cost(n_tokens: int) -> float:
    return float(n_tokens**_ASSUMED_GROWTH)


def _moved(old: float, new: float, share: float) -> float:
    return old + share * (new - old)
