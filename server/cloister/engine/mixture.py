"""Mixes what a small model expects with what the code around it repeats.

At each step the model's distribution is interpolated with what followed the longest match in the
file at hand and in others. The weights are a softmax of a few features, fitted by maximum
likelihood on packages that the model had not seen (`scripts/bench/mixture`). Pure.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from cloister.engine.copying import Copier


class Weighing(NamedTuple):
    """How much each of a guess's `features` weighs against the model, as a logit."""

    constant: float
    length: float
    variety: float
    agreement: float
    certainty: float


NEAR = Weighing(constant=-1.96, length=0.75, variety=-1.44, agreement=0.91, certainty=-1.64)
"""For the file at hand."""

FAR = Weighing(constant=-3.97, length=1.16, variety=-0.77, agreement=1.21, certainty=-1.51)
"""For other files."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What one text suggests: the share of each token, and how long the match was, in bytes."""

    shares: Mapping[int, float]
    length: int
    weighing: Weighing


@dataclass(frozen=True, slots=True)
class Advice:
    """What the surroundings say of the next token, and how far the model's own view counts."""

    guesses: tuple[Guess, ...] = ()
    familiarity: float = 1.0


NO_ADVICE = Advice()

Advise = Callable[[bytes, bytes], Advice]
"""Gets what is told, and what of the opening is left, and says what may come next."""


def without_advice(_told: bytes, _opening: bytes) -> Advice:
    """Leave everything to the model."""
    return NO_ADVICE


class Mixture:
    """What to copy from, for one answer; `familiarity` as in Surroundings.

    `near` is the text of the file at hand without the place itself, `far` that of others, `written`
    the text before the cursor. `first_token` says how the model would begin to spell a text, None
    when it cannot.
    """

    def __init__(
        self,
        near: bytes,
        far: bytes,
        written: bytes,
        first_token: Callable[[bytes], int | None],
        familiarity: float = 1.0,
    ) -> None:
        self._copiers = ((Copier(near, written), NEAR), (Copier(far, written), FAR))
        self._first_token = first_token
        self._familiarity = familiarity

    def advice(self, told: bytes, opening: bytes) -> Advice:
        """Return what comes after `told`; each token begins to spell what is left of `opening`."""
        found = ((copier, copier.match(told), weighing) for copier, weighing in self._copiers)
        guesses = tuple(
            Guess(shares, match.length, weighing)
            for copier, match, weighing in found
            if (shares := self._shares(copier.following(match), opening))
        )
        return Advice(guesses, self._familiarity)

    def _shares(self, following: Sequence[bytes], opening: bytes) -> dict[int, float]:
        tokens = (self._first_token(opening + text) for text in following)
        counts = Counter(token for token in tokens if token is not None)
        return {token: count / counts.total() for token, count in counts.items()}


def mixed(probabilities: Mapping[int, float], advice: Advice) -> dict[int, float]:
    """Return the probability of each token, given the model's own and what is suggested.

    The model's favourite must be among `probabilities`; suggestions that are not are left out.
    A model whose view counts less is as much less sure where nothing is suggested.
    """
    favourite = max(probabilities, key=probabilities.__getitem__)
    certainty = probabilities[favourite]
    guesses = advice.guesses
    strengths = [math.exp(_logit(guess, favourite, certainty)) for guess in guesses]
    total = (advice.familiarity if guesses else 1.0) + sum(strengths)
    return {
        token: (
            advice.familiarity * probability
            + sum(
                strength * guess.shares.get(token, 0.0)
                for strength, guess in zip(strengths, guesses, strict=True)
            )
        )
        / total
        for token, probability in probabilities.items()
    }


def features(guess: Guess, favourite: int, certainty: float) -> Weighing:
    """Return what says how far to trust a guess beside a model with that favourite token.

    A longer match is better, many suggestions are worse than one, a suggestion that is the
    favourite as well is better, and the surer the model is, the less it needs a guess.
    """
    return Weighing(
        constant=1.0,
        length=math.log(guess.length),
        variety=math.log(len(guess.shares)),
        agreement=float(favourite in guess.shares),
        certainty=certainty,
    )


def _logit(guess: Guess, favourite: int, certainty: float) -> float:
    return math.fsum(map(mul, guess.weighing, features(guess, favourite, certainty)))
