"""Guesses what a model writes next, so that one evaluation checks several tokens.

Code repeats itself: what once followed the last tokens is likely to follow them again, the more so
the longer the two texts have agreed. A guess never changes an answer, because a token is kept only
where the model itself would have written it; a wrong one costs its share of the evaluation. So a
draft is as long as pays on this machine, which is measured, and often that is not at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

DRAFT_BATCHES = (2, 4, 8, 16)
"""The tokens that are evaluated together with a draft; kernels are made for these sizes."""

# On three packages of Python, a text that had agreed with an earlier one for 1, 2, 4, 8 and 12
# tokens went on as that did in 27, 47, 64, 82 and 94 % of all cases.
_DOUBT = 1.6
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

    def draft(self, most_tokens: int, cost: Callable[[int], float]) -> tuple[int, ...]:
        """Return the guesses worth checking, often none; `cost` is that of a batch."""
        if not self._agreed:
            return ()
        # What follows the expected text is the prompt, and has nothing to do with it.
        is_expected = self._next <= self._n_expected
        known_end = self._n_expected if is_expected else len(self._text)
        n_drafted = min(most_tokens, known_end - self._next)
        sizes = [size for size in DRAFT_BATCHES if size <= n_drafted + 1]
        gains = {size: kept_tokens(self._agreed, size) / cost(size) for size in sizes}
        best = max(gains, key=gains.__getitem__, default=1)
        if best == 1 or gains[best] < _LEAST_GAIN:
            return ()
        return tuple(map(ord, self._text[self._next : self._next + best - 1]))

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
        chance *= so_far / (so_far + _DOUBT)
        kept += chance
    return kept


def _assumed_cost(n_tokens: int) -> float:
    return float(n_tokens**_ASSUMED_GROWTH)


def _moved(old: float, new: float, share: float) -> float:
    return old + share * (new - old)
