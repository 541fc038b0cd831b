"""Writes the rest of real lines in several ways, and compares it with what is really there."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.approximation.cases import Case
from cloister.context.gather import ContextGatherer
from cloister.context.window import WindowBudget
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import ModelError
from cloister.core.generation import Chunk, GenerationRequest, Timings
from cloister.core.prompt import Prompt
from cloister.core.text import Text
from cloister.engine.generation import Listener, generate
from cloister.engine.llama.model import Model
from cloister.families import Family, family_of, why_no_family

_ANSWER_TOKENS = 64
_PREFIX_SHARE, _SUFFIX_SHARE = 0.6, 0.2


@dataclass(frozen=True, slots=True)
class Way:
    """A way to write: with the word at the cursor written anew, and with so many hypotheses."""

    heals: bool
    hypotheses: int


WAYS = (Way(False, 1), Way(False, 2), Way(True, 1), Way(True, 2), Way(True, 3), Way(True, 4))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line: where it was missing, how it was written, and whether that is the truth."""

    in_word: bool
    way: Way
    is_exact: bool
    is_empty: bool
    probability: float
    tokens: int
    ms: float


def attempt_lines(
    model: Model, cases: Sequence[Case], on_case: Callable[[], object]
) -> Iterator[Attempt]:
    """Yield an attempt at each case in each way; raises ModelError for one that cannot infill."""
    family = family_of(model.description)
    if family is None:
        raise ModelError(why_no_family(model.description))
    for case in cases:
        for way in WAYS:
            prompt = _prompt(model, replace(family, heals=way.heals), case)
            # Read first, so that all of them are timed from the same point.
            answer(model, GenerationRequest(prompt, 0))
            request = GenerationRequest(prompt, _ANSWER_TOKENS, ("\n",), hypotheses=way.hypotheses)
            yield _attempt(model, case, way, request)
        on_case()


def answer(model: Model, request: GenerationRequest) -> tuple[list[Chunk], Timings]:
    """Return what the model writes when it has forgotten what it wrote before."""
    for document in model.documents:
        document.answer = None
    chunks: list[Chunk] = []
    listener = Listener(lambda: False, lambda _timings: None, chunks.append)
    steps = generate(model, request, listener, time.monotonic())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            _, timings = end.value
            return chunks, timings


def prompt_at(model: Model, family: Family, before: str, after: str, name: str) -> Prompt:
    """Return the prompt for a cursor between two texts."""
    path = Path("/bench") / name
    text, room = Text(before + after), model.context_tokens
    document = DocumentSnapshot(path.as_uri(), path, "python", None, text)
    window = WindowBudget(int(_PREFIX_SHARE * room), int(_SUFFIX_SHARE * room))

    async def count_tokens(texts: Sequence[str]) -> list[int]:
        return [len(model.tokenize(text)) for text in texts]

    gathering = ContextGatherer(count_tokens).gather(document, len(before), path.parent, window)
    return family.render(asyncio.run(gathering), model.description)


def _prompt(model: Model, family: Family, case: Case) -> Prompt:
    return prompt_at(model, family, case.before, case.after, case.name.partition(":")[0])


def _attempt(model: Model, case: Case, way: Way, request: GenerationRequest) -> Attempt:
    started = time.perf_counter()
    chunks, timings = answer(model, request)
    ms = 1000 * (time.perf_counter() - started)
    text, probability = "", 1.0
    for chunk in chunks:
        text += chunk.text
        probability *= chunk.probability
    return Attempt(
        in_word=_is_word(case.before[-1:]),
        way=way,
        is_exact=text.rstrip() == case.truth.rstrip(),
        is_empty=not text.strip(),
        probability=probability,
        tokens=timings.generated_tokens,
        ms=ms,
    )


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
