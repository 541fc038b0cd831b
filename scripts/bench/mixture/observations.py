"""What a model and the two sources of copies say of every token of lines that are known.

The true line is fed token by token, so that every token is predicted after the true ones.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.approximation.cases import Case
from bench.generation.lines import answer, prompt_at
from cloister.core.errors import ModelError
from cloister.core.generation import GenerationRequest
from cloister.core.prompt import Prompt
from cloister.engine.copying import SEPARATOR, copyable
from cloister.engine.kv import Evaluate
from cloister.engine.llama.model import Model
from cloister.engine.mixture import FAR, NEAR, Advice, Guess, Mixture, Weighing, features
from cloister.engine.passages import Passage
from cloister.families import Family, family_of, why_no_family

_MOST_TOKENS = 40
# A guess without weight: it only makes the model tell the true token's probability.
_UNHEARD = Weighing(-math.inf, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one source says of the true token: its share there, and the features of the match."""

    share: float
    features: Weighing


@dataclass(frozen=True, slots=True)
class Observation:
    """One true token: the model's probability of it, and what the sources say, None for nothing."""

    case: int
    probability: float
    near: Suggestion | None
    far: Suggestion | None


def observe(
    model: Model,
    cases: Sequence[Case],
    sources: Mapping[str, str],
    on_case: Callable[[], object],
) -> Iterator[Observation]:
    """Yield an observation for each token of each case; `sources` are all files by name."""
    family = family_of(model.description)
    if family is None:
        raise ModelError(why_no_family(model.description))
    for number, case in enumerate(cases):
        yield from _observe_case(model, family, case, number, sources)
        on_case()


def _observe_case(
    model: Model, family: Family, case: Case, number: int, sources: Mapping[str, str]
) -> Iterator[Observation]:
    name = case.name.rpartition(":")[0]
    prompt = prompt_at(model, family, case.before, case.after, name)
    answer(model, GenerationRequest(prompt, 0))
    document = model.documents.latest
    if document is None:
        return
    mixture = _mixture(model, case, [text for path, text in sources.items() if path != name])
    told, opening = b"", prompt.opening.encode()
    for token in _true_tokens(model, prompt, case.truth):
        choices = model.choices(-1, opening, 1, Advice((Guess({token: 1.0}, 1, _UNHEARD),)))
        own = {choice.token: choice.probability for choice in choices}
        favourite = max(own, key=own.__getitem__)
        guesses = {guess.weighing: guess for guess in mixture.advice(told, opening).guesses}
        suggestions = [
            Suggestion(guess.shares.get(token, 0.0), features(guess, favourite, own[favourite]))
            if (guess := guesses.get(weighing))
            else None
            for weighing in (NEAR, FAR)
        ]
        yield Observation(number, own.get(token, 0.0), *suggestions)
        piece = model.vocabulary.piece(token)
        told, opening = told + piece[len(opening) :], opening[len(piece) :]
        for _ in model.carry_out(document, [Evaluate((token,), n_sampled=1)], lambda: False):
            pass


def _true_tokens(model: Model, prompt: Prompt, truth: str) -> list[int]:
    return model.tokenize(f"{prompt.opening}{truth}\n")[:_MOST_TOKENS]


def _mixture(model: Model, case: Case, others: Sequence[str]) -> Mixture:
    written = case.before.encode()
    return Mixture(
        near=[Passage(SEPARATOR.join((copyable(written), case.after.encode())))],
        far=[Passage(SEPARATOR.join(text.encode() for text in others))],
        written=written,
        spell=model.vocabulary.spelling,
    )
