"""Times long answers with drafts and without: code that repeats itself, and prose.

Answers of a family that mixes in what its surroundings repeat do so here as well.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.engine.recording import library_files
from bench.engine.texts import Place, prose_places, repeating_places
from bench.generation.lines import answer, prompt_at
from cloister.core.errors import ModelError
from cloister.core.generation import GenerationRequest, Surroundings
from cloister.engine.llama.model import Model
from cloister.engine.speculation import BatchCosts
from cloister.families import Family, family_of, why_no_family

_ANSWER_TOKENS = 64
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second with drafts and without; `drafted` and `accepted` are shares of them.

    `same` is the share of answers that drafts have left as they were.
    """

    text: str
    tokens: int
    plain: float
    with_drafts: float
    drafted: float
    accepted: float
    same: float


class _NeverPays(BatchCosts):
    """The costs of a machine on which drafts save nothing."""

    def cost(self, n_tokens: int) -> float:
        return float(n_tokens)


def measure_drafts(model: Model) -> Iterator[Speed]:
    """Yield the speeds; answers with drafts and without take turns."""
    family = family_of(model.description)
    if family is None:
        raise ModelError(why_no_family(model.description))
    text = library_files()[0]
    for name, places in {
        "repeating code": repeating_places(text),
        "prose": prose_places(text),
    }.items():
        yield _speed(model, name, [_request(model, family, place) for place in places])


def _request(model: Model, family: Family, place: Place) -> GenerationRequest:
    before, after = place.text[: place.offset], place.text[place.offset :]
    prompt = prompt_at(model, replace(family, heals=False), before, after, "typed.py")
    surroundings = Surroundings() if family.mixes else None
    return GenerationRequest(prompt, _ANSWER_TOKENS, surroundings=surroundings)


def _speed(model: Model, name: str, requests: Sequence[GenerationRequest]) -> Speed:
    plain, drafted = _Total(), _Total()
    learning, never = model.batch_costs, _NeverPays()
    for _ in range(_ROUNDS):
        for request in requests:
            model.batch_costs = never
            plain.add(model, request)
            model.batch_costs = learning
            drafted.add(model, request)
    same = sum(map(str.__eq__, plain.texts, drafted.texts))
    return Speed(
        text=name,
        tokens=drafted.tokens,
        plain=plain.tokens / plain.seconds,
        with_drafts=drafted.tokens / drafted.seconds,
        drafted=drafted.drafted / max(1, drafted.tokens),
        accepted=drafted.accepted / max(1, drafted.tokens),
        same=same / len(plain.texts),
    )


class _Total:
    """What many answers come to."""

    def __init__(self) -> None:
        self.tokens = self.drafted = self.accepted = 0
        self.seconds = 0.0
        self.texts: list[str] = []

    def add(self, model: Model, request: GenerationRequest) -> None:
        """Write one answer after a prompt that has been read."""
        answer(model, replace(request, max_tokens=0))
        started = time.perf_counter()
        chunks, timings = answer(model, request)
        self.seconds += time.perf_counter() - started
        self.tokens += timings.generated_tokens
        self.drafted += timings.drafted_tokens
        self.accepted += timings.accepted_tokens
        self.texts.append("".join(chunk.text for chunk in chunks))
