"""What a real model makes of a context: bits of the truth, and whether it would write it.

The model runs in this process, one case after the other; prompts are those of its family, with as
much context as it is given in use. A family that copies has the rest of the case's file to copy
from, whatever the context.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cloister.context.surroundings import text_outside
from cloister.core.context import CompletionContext, Snippet
from cloister.core.errors import BackendUnavailableError, ModelError
from cloister.core.generation import Chunk, GenerationRequest, Surroundings
from cloister.core.prompt import Prompt
from cloister.core.text import Span, Text
from cloister.engine.documents import Document
from cloister.engine.generation import Listener, generate
from cloister.engine.kv import Evaluate, Keep, Step
from cloister.engine.llama.model import Model, open_model
from cloister.evaluation.cases import Case
from cloister.evaluation.needs import Passage, Window
from cloister.evaluation.results import Judgement
from cloister.evaluation.words import words_in
from cloister.families import Family, family_of, why_no_family
from cloister.policy.budget import Budget, Limits, plan_budget

_ANSWER_TOKENS = 64
_SHARE_OF_SMALL_CONTEXTS = 4
_MOST_COUNTS = 50_000


class ModelJudge:
    """Asks one model; not thread-safe."""

    def __init__(self, model: Model, family: Family) -> None:
        self._model = model
        self._family = family
        self._budget = self._planned(None)
        if not self._budget.snippet_tokens and not family.mixes:
            # Too small a context to be given any in use; what it would make of some is asked.
            self._budget = self._planned(model.context_tokens // _SHARE_OF_SMALL_CONTEXTS)
        self._count_line = lru_cache(_MOST_COUNTS)(lambda line: len(model.tokenize(line + "\n")))

    @property
    def context_tokens(self) -> int:
        """The most tokens of context that the prompt has room for."""
        return self._budget.snippet_tokens

    def count_tokens(self, text: str) -> int:
        """Return the tokens of a text, line by line."""
        return sum(map(self._count_line, text.removesuffix("\n").split("\n")))

    def window_of(self, case: Case) -> Window:
        """Return the window beside a context."""
        return self._window(case, self._budget)

    def judge(self, case: Case, passages: Sequence[Passage], others: str = "") -> Judgement:
        """Return what the model makes of a case with these passages before it.

        `others` is what a family that copies may copy from, beside the rest of the case's file.
        """
        window = self._window(case, self._budget if passages else self._planned(0))
        context = CompletionContext(
            path=case.path,
            prefix=window.before,
            suffix=window.after,
            window=Span(0, len(window.before) + len(window.after)),
            snippets=tuple(_snippet(passage) for passage in passages),
        )
        plain = replace(self._family, heals=False).render(context, self._model.description)
        healed = self._family.render(context, self._model.description)
        written = self._written(healed, self._surroundings(case, window, others))
        return Judgement(
            bits=self._bits(plain, case.truth),
            is_exact=written.split() == case.truth.split(),
            begins_right=_first_word(written) == _first_word(case.truth),
        )

    def _planned(self, snippet_tokens: int | None) -> Budget:
        limits = Limits(self._model.context_tokens, _ANSWER_TOKENS, 0, snippet_tokens)
        return plan_budget(limits, None, None)

    def _window(self, case: Case, budget: Budget) -> Window:
        before, after = case.prefix.split("\n"), case.suffix.split("\n")
        shown_before = self._n_fitting(reversed(before), budget.prefix_tokens)
        shown_after = self._n_fitting(after, budget.suffix_tokens)
        return Window("\n".join(before[-shown_before:]), "\n".join(after[:shown_after]))

    def _n_fitting(self, lines: Iterable[str], room: int) -> int:
        """Return how many of the first lines fit; the cursor's own line counts as fitting."""
        n_lines = 0
        for line in lines:
            room -= self._count_line(line)
            if room < 0:
                break
            n_lines += 1
        return max(1, n_lines)

    def _bits(self, prompt: Prompt, truth: str) -> float:
        for document in self._model.documents:
            document.answer = None
        self._answer(GenerationRequest(prompt, 0))
        latest = self._model.documents.latest
        if latest is None:
            raise BackendUnavailableError("The model read nothing; choose another model.")
        return self._bits_after(latest, truth)

    def _bits_after(self, document: Document, truth: str) -> float:
        """Return the bits of a text after what the model has read in a document."""
        read = document.cached.tokens
        self._carry_out(document, [Keep(len(read) - 1), Evaluate(read[-1:])])
        bits = 0.0
        for token in self._model.tokenize(truth):
            bits -= self._model.log2_probability(token)
            self._carry_out(document, [Evaluate((token,))])
        self._carry_out(document, [Keep(len(read))])
        return bits

    def _surroundings(self, case: Case, window: Window, others: str) -> Surroundings | None:
        if not self._family.mixes:
            return None
        start = len(case.prefix) - len(window.before)
        shown = Span(start, len(case.prefix) + len(window.after))
        outside = text_outside(Text(case.prefix + case.suffix), shown)
        return Surroundings(outside, others, self._family.familiarity(case.language.name))

    def _written(self, prompt: Prompt, surroundings: Surroundings | None) -> str:
        request = GenerationRequest(
            prompt,
            _ANSWER_TOKENS,
            ("\n",),
            hypotheses=self._family.hypotheses,
            surroundings=surroundings,
        )
        return self._answer(request)

    def _answer(self, request: GenerationRequest) -> str:
        chunks: list[Chunk] = []
        listener = Listener(lambda: False, lambda _timings: None, chunks.append)
        for _ in generate(self._model, request, listener, time.monotonic()):
            pass
        return "".join(chunk.text for chunk in chunks)

    def _carry_out(self, document: Document, steps: Sequence[Step]) -> None:
        for _ in self._model.carry_out(document, steps, lambda: False):
            pass


@contextmanager
def judge_with(path: Path, n_threads: int = 1) -> Iterator[ModelJudge]:
    """Give a judge with the model at `path`; raises ModelError for one that cannot infill."""
    model = open_model(path, n_threads, lambda _fraction: None)
    try:
        family = family_of(model.description)
        if family is None:
            raise ModelError(
                f"{path.name} writes no completions: {why_no_family(model.description)}."
            )
        yield ModelJudge(model, family)
    finally:
        model.close()


def _first_word(text: str) -> str:
    return next(iter(words_in(text)), "")


def _snippet(passage: Passage) -> Snippet:
    last_line = passage.first_line + passage.text.count("\n")
    text = f"{passage.text}\n"
    return Snippet(passage.path, passage.first_line, last_line, text, passage.source)
