"""Mixes what a small model expects with what the code around it repeats.

At each step the model's distribution is interpolated with what followed the longest match in the
file at hand and in others. The weights are a softmax of a few features, fitted by maximum
likelihood on packages that the model had not seen (`scripts/bench/mixture`). Pure.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import mul
from typing import NamedTuple

from cloister.engine.copying import Copier, Place
from cloister.engine.passages import Passage
from cloister.engine.speculation import LONGEST_DRAFT_TOKENS, Forecast


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

    @property
    def tokens(self) -> set[int]:
        """Every token that is suggested."""
        return {token for guess in self.guesses for token in guess.shares}


NO_ADVICE = Advice()

Advise = Callable[[bytes, bytes], Advice]
"""Gets what is told, and what of the opening is left, and says what may come next."""


Spell = Callable[[bytes], Iterable[tuple[int, int]]]
"""Gets a text; returns the tokens that the model would write it with, and the bytes of each."""

# A text that was cut may end in other tokens than it would go on with.
_CUT_BYTES = 12
# How long a token of code is, more or less.
_TOKEN_BYTES = 4


class Mixture:
    """What to copy from, for one answer; `familiarity` as in Surroundings.

    `near` are the texts of the file at hand without the place itself, `far` those of others,
    `written` is the text before the cursor. `spell` says with which tokens the model would write a
    text, and how many bytes each of them spells; nothing when it cannot.
    """

    def __init__(
        self,
        near: Sequence[Passage],
        far: Sequence[Passage],
        written: bytes,
        spell: Spell,
        familiarity: float = 1.0,
    ) -> None:
        self._copiers = ((Copier(near, written), NEAR), (Copier(far, written), FAR))
        self._spell = spell
        self._familiarity = familiarity
        self._spelled: dict[Place, tuple[int, int] | None] = {}

    def advice(self, told: bytes, opening: bytes) -> Advice:
        """Return what comes after `told`; each token begins to spell what is left of `opening`."""
        found = ((copier.match(told), weighing) for copier, weighing in self._copiers)
        guesses = tuple(
            Guess(shares, match.length, weighing)
            for match, weighing in found
            if (shares := self._shares(match.places, opening))
        )
        return Advice(guesses, self._familiarity) if guesses or self._familiarity < 1 else NO_ADVICE

    def forecast(self, told: bytes) -> Forecast:
        """Return what follows the longest match, at the last of its places."""
        matches = (copier.match(told) for copier, _ in self._copiers)
        match = max(matches, key=lambda match: match.length)
        agreed, tokens = match.length // _TOKEN_BYTES, list[int]()
        place = match.places[-1] if match.places else None
        while agreed and place and len(tokens) < LONGEST_DRAFT_TOKENS:
            if (spelled := self._spelled_at(place)) is None:
                break
            token, n_bytes = spelled
            tokens.append(token)
            place = Place(place.passage, place.at + n_bytes)
        return Forecast(agreed, tuple(tokens))

    def _shares(self, places: Sequence[Place], opening: bytes) -> dict[int, float]:
        next_token = partial(self._opened_token, opening) if opening else self._token_at
        counts = Counter(token for it in places if (token := next_token(it)) is not None)
        return {token: count / counts.total() for token, count in counts.items()}

    def _opened_token(self, opening: bytes, place: Place) -> int | None:
        following = place.following
        return (
            next((token for token, _ in self._spell(opening + following)), None)
            if following
            else None
        )

    def _token_at(self, place: Place) -> int | None:
        spelled = self._spelled_at(place)
        return spelled and spelled[0]

    def _spelled_at(self, place: Place) -> tuple[int, int] | None:
        """Return the token that a place begins with, and its bytes; those behind it are kept."""
        if place not in self._spelled:
            following = place.following
            self._spelled[place] = None
            at, certain = 0, len(following) - _CUT_BYTES
            for token, n_bytes in self._spell(following):
                if not n_bytes or (at and at + n_bytes > certain):
                    break
                self._spelled[Place(place.passage, place.at + at)] = token, n_bytes
                at += n_bytes
        return self._spelled[place]


def no_mixture() -> Mixture:
    """Return one for an answer that copies nothing."""
    return Mixture((), (), b"", lambda _text: ())


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
