"""What the model makes of a prompt, however its cells came about: real llama.cpp, one thread."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from bench.approximation.cases import Case
from bench.approximation.trials import Measure, Tokenizer, Trial, trials
from cloister.context.window import WindowBudget
from cloister.core.errors import ModelError
from cloister.engine.documents import Document
from cloister.engine.kv import (
    Evaluate,
    Keep,
    Rejoin,
    SetAside,
    ShiftRule,
    Step,
    Wanted,
    evaluated_tokens,
    plan_prompt,
)
from cloister.engine.llama.model import Model
from cloister.policy.budget import Limits, plan_budget

_MOST_LINE_TOKENS = 24
_ANSWER_TOKENS = 64
_REPETITIONS = 15
_COUNTED_TOKENS = 256
_ANY_TOKEN = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the model writes up to the end of the line, in tokens and as text.

    `truth_nats` is the log-probability of the case's truth in nats a token.
    """

    tokens: tuple[int, ...]
    line: str
    truth_nats: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A trial's outcome beside the one it is compared with.

    `moved` says whether there was anything to move; `drift_tokens` is how much had changed before
    what was moved, and `evaluated_tokens` what the last prompt of the path cost.
    """

    measure: Measure
    amount: int
    fresh_tokens: int
    moved: bool
    drift_tokens: int
    evaluated_tokens: int
    prompt_tokens: int
    truth: str
    reference: Outcome
    outcome: Outcome


def compare(model: Model, cases: Sequence[Case], on_case: Callable[[], None]) -> list[Comparison]:
    """Return the comparisons of every trial of every case; `on_case` is called after each.

    Raises ModelError for a model that cannot infill or whose cells cannot move.
    """
    tokenizer, budget = _tokenizer(model), _budget(model)
    comparisons = list[Comparison]()
    for number, case in enumerate(cases):
        comparisons += _compare_case(model, case, trials(case, tokenizer, budget, number))
        on_case()
    return comparisons


def moving_costs_tokens(model: Model) -> float:
    """Return how many tokens are read in the time that moving a tail takes; half full context."""
    n_tokens = model.context_tokens // 2
    wanted = (_ANY_TOKEN,) * n_tokens
    document = model.documents.add("cost")
    _carry_out(model, document, [Evaluate(wanted)])
    token, tail_start = Evaluate((_ANY_TOKEN,)), n_tokens - _COUNTED_TOKENS
    tail = (SetAside(tail_start, n_tokens), Keep(tail_start), token, Rejoin(0, _COUNTED_TOKENS, 0))
    moving, staying, reading = [], [], []
    for _ in range(_REPETITIONS):
        moving.append(_seconds(model, document, [*tail, token]))
        # As many evaluations, so that only the move differs.
        _carry_out(model, document, [Keep(n_tokens)])
        staying.append(_seconds(model, document, [token, Keep(n_tokens), token]))
        start = [Keep(n_tokens - _COUNTED_TOKENS)]
        reading.append(_seconds(model, document, [*start, Evaluate(wanted[:_COUNTED_TOKENS])]))
    token_seconds = median(reading) / _COUNTED_TOKENS
    return (median(moving) - median(staying)) / token_seconds


def _tokenizer(model: Model) -> Tokenizer:
    description, vocabulary = model.description, model.vocabulary
    if not model.memory.shifts:
        raise ModelError(f"Cells of {description.name} cannot move; choose another model.")
    markers = description.fim_markers
    if not markers.keys() >= {"prefix", "suffix", "middle"}:
        raise ModelError(f"The model {description.name} cannot infill; choose another model.")
    begin = [description.begin_token] if description.begin_token else []
    opening = [*begin, markers["prefix"]]
    return Tokenizer(
        tokens_of=vocabulary.segment_tokens,
        opening=tuple(vocabulary.marker_token(text) for text in opening),
        suffix=vocabulary.marker_token(markers["suffix"]),
        middle=vocabulary.marker_token(markers["middle"]),
    )


def _budget(model: Model) -> WindowBudget:
    limits = Limits(model.context_tokens, _ANSWER_TOKENS, deadline_ms=0)
    budget = plan_budget(limits, None, None)
    return WindowBudget(budget.prefix_tokens, budget.suffix_tokens)


def _compare_case(model: Model, case: Case, todo: Iterable[Trial]) -> list[Comparison]:
    truth = model.tokenize(case.truth)
    references: dict[Wanted, Outcome] = {}
    start = model.documents.add("start")
    comparisons = []
    for trial in todo:
        if trial.reference not in references:
            document = model.documents.add("reference")
            _read(model, document, trial.reference, None)
            references[trial.reference] = _outcome(model, document, truth)
        # Where a path begins is read exactly, and trials have much of it in common.
        _read(model, start, trial.path[0], None)
        n_evaluated = len(trial.path[0].tokens)
        document = model.fork(start, "trial")
        for wanted in trial.path[1:]:
            n_evaluated = _read(model, document, wanted, trial.rule)
        cached = document.cached
        comparisons.append(
            Comparison(
                measure=trial.measure,
                amount=trial.amount,
                fresh_tokens=trial.rule.fresh_tokens if trial.rule else 0,
                moved=not cached.is_exact,
                drift_tokens=cached.drift_tokens,
                evaluated_tokens=n_evaluated,
                prompt_tokens=len(cached.tokens),
                truth=case.truth,
                reference=references[trial.reference],
                outcome=_outcome(model, document, truth),
            )
        )
    return comparisons


def _read(model: Model, document: Document, wanted: Wanted, rule: ShiftRule | None) -> int:
    """Make `document` hold the prompt; return how many tokens were evaluated for it."""
    steps = plan_prompt(document.cached, wanted, model.memory, rule)
    _carry_out(model, document, steps)
    return evaluated_tokens(steps)


def _outcome(model: Model, document: Document, truth: Sequence[int]) -> Outcome:
    prompt = document.cached.tokens
    tokens, text = _write_line(model, document)
    _carry_out(model, document, [Keep(len(prompt) - 1), Evaluate(prompt[-1:])])
    nats = 0.0
    for token in truth:
        nats += _log_probability(model, token)
        _carry_out(model, document, [Evaluate((token,))])
    _carry_out(model, document, [Keep(len(prompt))])
    return Outcome(tokens, text, nats / len(truth))


def _write_line(model: Model, document: Document) -> tuple[tuple[int, ...], str]:
    """Return what the model writes up to the end of the line: the likeliest tokens, and text."""
    tokens, text = list[int](), b""
    while len(tokens) < _MOST_LINE_TOKENS and b"\n" not in text:
        sampled = model.sample()
        tokens.append(sampled.token)
        if sampled.ends:
            break
        text += sampled.piece
        _carry_out(model, document, [Evaluate((sampled.token,))])
    return tuple(tokens), text.decode("utf-8", "replace").partition("\n")[0]


def _log_probability(model: Model, token: int) -> float:
    # The engine itself needs no more than the likeliest token, so a model offers no more.
    logits = model._context.logits(-1).astype(np.float64)  # noqa: SLF001  # see above
    highest = logits.max()
    return float(logits[token] - highest - np.log(np.exp(logits - highest).sum()))


def _seconds(model: Model, document: Document, steps: Sequence[Step]) -> float:
    started = time.perf_counter()
    _carry_out(model, document, steps)
    return time.perf_counter() - started


def _carry_out(model: Model, document: Document, steps: Sequence[Step]) -> None:
    for _ in model.carry_out(document, steps, lambda: False):
        pass
