"""Asks a model through the engine, as the product does, in several ways."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.generation.lines import answer
from cloister.context.surroundings import text_outside
from cloister.core.context import CompletionContext
from cloister.core.generation import GenerationRequest, Surroundings
from cloister.core.prompt import Prompt
from cloister.core.text import Span, Text
from cloister.engine.kv import Evaluate, Keep
from cloister.engine.llama.model import Model
from cloister.engine.passages import MOST_BYTES, Passage
from cloister.families import Family
from cloister.policy.budget import Limits, plan_budget
from cloister.syntax.languages import language_named
from train.questions import Question

ANSWER_TOKENS = 64


class Way(StrEnum):
    """How an answer is made: the default is what the product does."""

    DEFAULT = "default"
    FILE_ONLY = "no other files"
    GREEDY = "greedy"
    ALONE = "model alone"
    COPY = "copy alone"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written; the probability is that of all of it, and times are after the prompt."""

    text: str
    probability: float = 1.0
    tokens: int = 0
    ms: float = 0.0


class Asker:
    """Asks one model in the format of a family."""

    def __init__(self, model: Model, family: Family) -> None:
        self._model, self._family = model, family
        self._budget = plan_budget(Limits(model.context_tokens, ANSWER_TOKENS, 0, 0), None, None)

    def ask(self, question: Question, way: Way) -> Answer:
        """Return the answer up to the end of the line, for several lines up to where it ends."""
        prompt, window = self._prompt(question)
        if way is Way.COPY:
            return Answer(copied(question))
        is_lines = "\n" in question.truth
        request = GenerationRequest(
            prompt,
            ANSWER_TOKENS * (1 + is_lines),
            () if is_lines else ("\n",),
            hypotheses=1 if way is Way.GREEDY else self._family.hypotheses,
            surroundings=self._surroundings(question, window, way),
        )
        # Read first, so that only writing is timed.
        answer(self._model, GenerationRequest(prompt, 0))
        started = time.perf_counter()
        chunks, timings = answer(self._model, request)
        ms = 1000 * (time.perf_counter() - started)
        text, probability = "".join(chunk.text for chunk in chunks), 1.0
        for chunk in chunks:
            probability *= chunk.probability
        return Answer(text, probability, timings.generated_tokens, ms)

    def ends_right(self, question: Question) -> bool:
        """Return whether the model, left alone, ends its answer with the line."""
        prompt, _ = self._prompt(question)
        chunks, timings = answer(self._model, GenerationRequest(prompt, ANSWER_TOKENS))
        text = "".join(chunk.text for chunk in chunks)
        return "\n" not in text and timings.generated_tokens < ANSWER_TOKENS

    def bits(self, question: Question) -> float:
        """Return the bits of the truth, as the model alone expects it."""
        prompt, _ = self._prompt(question)
        answer(self._model, GenerationRequest(prompt, 0))
        document = self._model.documents.latest
        if document is None:
            return 0.0
        read, bits = document.cached.tokens, 0.0
        self._carry_out([Keep(len(read) - 1), Evaluate(read[-1:], n_sampled=1)])
        for token in self._model.tokenize(prompt.opening + question.truth):
            bits -= self._model.log2_probability(token)
            self._carry_out([Evaluate((token,), n_sampled=1)])
        self._carry_out([Keep(len(read))])
        return bits

    def _carry_out(self, steps: Sequence[Evaluate | Keep]) -> None:
        document = self._model.documents.latest
        if document is not None:
            for _ in self._model.carry_out(document, steps, lambda: False):
                pass

    def _prompt(self, question: Question) -> tuple[Prompt, Span]:
        before, after = question.before.split("\n"), question.after.split("\n")
        n_before = self._n_fitting(reversed(before), self._budget.prefix_tokens)
        n_after = self._n_fitting(after, self._budget.suffix_tokens)
        prefix, suffix = "\n".join(before[-n_before:]), "\n".join(after[:n_after])
        window = Span(question.start - len(prefix), question.start + len(suffix))
        context = CompletionContext(question.file.path, prefix, suffix, window)
        return self._family.render(context, self._model.description), window

    def _n_fitting(self, lines: Iterable[str], room: int) -> int:
        n_lines = 0
        for line in lines:
            room -= len(self._model.tokenize(line + "\n"))
            if room < 0:
                break
            n_lines += 1
        return max(1, n_lines)

    def _surroundings(self, question: Question, window: Span, way: Way) -> Surroundings | None:
        if way is Way.ALONE:
            return None
        # The hole itself must not be there to copy from.
        text = Text(question.before + question.after)
        others = "" if way is Way.FILE_ONLY else question.others
        language = language_named(question.file.language)
        familiarity = self._family.familiarity(language.language_ids[0] if language else "")
        return Surroundings(text_outside(text, window), others, familiarity)


def copied(question: Question) -> str:
    """Return what follows the longest match of the text before the cursor, to the line's end."""
    tail = question.before.encode()[-MOST_BYTES:]
    texts = [question.before[:-1], question.after, question.others]
    matches = [(Passage(text.encode()), text.encode()) for text in texts if text]
    best, following = 0, b""
    for passage, text in matches:
        length, places = passage.longest_match(tail)
        if len(places) and length > best:
            at = int(places[-1])
            best, following = length, text[at : at + 400]
    return following.partition(b"\n")[0].decode(errors="ignore")
