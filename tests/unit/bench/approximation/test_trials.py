from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from inline_snapshot import snapshot

from bench.approximation.cases import LEAST_LINES_AROUND, Case
from bench.approximation.trials import JUMPED_LINES, Measure, Tokenizer, Trial, trials
from cloister.context.window import WindowBudget
from cloister.engine.kv import (
    Cached,
    Memory,
    Wanted,
    after_step,
    evaluated_tokens,
    plan_prompt,
)

PREFIX, SUFFIX, MIDDLE = -1, -2, -3
MEMORY = Memory(rewinds=True, shifts=True)
BUDGET = WindowBudget(prefix_tokens=3000, suffix_tokens=1500)


def letters(text: str) -> tuple[int, ...]:
    return tuple(map(ord, text))


TOKENIZER = Tokenizer(letters, opening=(PREFIX,), suffix=SUFFIX, middle=MIDDLE)


def case(n_lines_around: int = 100) -> Case:
    lines = [f"value_{n} = compute({n}, {n * n})" for n in range(2 * n_lines_around + 1)]
    return Case(
        name="sample.py",
        before="\n".join([*lines[:n_lines_around], "chosen = "]),
        truth="compute(0)",
        after="\n".join(["", *lines[n_lines_around + 1 :]]),
    )


def text_of(tokens: Sequence[int]) -> str:
    return "".join(map(chr, tokens))


def texts_of(wanted: Wanted) -> tuple[str, str]:
    """Return what the prompt shows before and after the cursor."""
    assert (wanted.lead[0], wanted.tail[0], wanted.rest[0]) == (PREFIX, SUFFIX, MIDDLE)
    return text_of(wanted.lead[1:] + wanted.rest[1:]), text_of(wanted.tail[1:])


def of_measure(measure: Measure) -> list[Trial]:
    return [trial for trial in trials(case(), TOKENIZER, BUDGET) if trial.measure is measure]


def test_every_measure_has_its_trials() -> None:
    counts = Counter(trial.measure.value for trial in trials(case(), TOKENIZER, BUDGET))
    assert counts == snapshot(
        {
            "noise": 1,
            "typed": 12,
            "line behind the marker": 1,
            "behind the marker": 5,
            "jump": 16,
            "tour": 4,
        }
    )


@pytest.mark.parametrize("seed", range(20))
def test_every_prompt_shows_the_window_around_the_cursor_and_never_the_truth(seed: int) -> None:
    shown = case()
    for trial in trials(shown, TOKENIZER, BUDGET, seed):
        for wanted in (trial.path[-1], trial.reference):
            before, after = texts_of(wanted)
            assert shown.before.endswith(before)
            assert shown.after.startswith(after)
            assert 600 < len(before) <= BUDGET.prefix_tokens
            assert 400 < len(after) <= BUDGET.suffix_tokens


def test_a_moved_tail_is_compared_with_the_same_tokens_from_scratch() -> None:
    for trial in trials(case(), TOKENIZER, BUDGET):
        is_other_prompt = trial.measure in {Measure.LINE, Measure.BEHIND}
        assert (trial.path[-1] != trial.reference) == is_other_prompt
        assert (trial.rule is None) == (is_other_prompt or trial.measure is Measure.NOISE)


def test_after_typing_only_what_was_typed_and_what_is_fresh_is_read() -> None:
    for trial in of_measure(Measure.TYPED):
        assert trial.rule is not None
        before, after = trial.path
        assert after.lead[: len(before.lead)] == before.lead
        assert len(after.lead) - len(before.lead) == trial.amount
        assert (after.tail, after.rest) == (before.tail, before.rest)
        n_evaluated = _cost_of_the_last(trial)
        assert n_evaluated == trial.amount + trial.rule.fresh_tokens + len(after.rest)


def test_jumps_come_from_the_ends_of_lines_so_far_away() -> None:
    for seed, direction in ((0, -1), (1, 1)):
        shown = case()
        lines = (shown.before + shown.after).split("\n")
        for trial in trials(shown, TOKENIZER, BUDGET, seed):
            if trial.measure is Measure.JUMP:
                before, _ = texts_of(trial.path[0])
                line = lines[100 + direction * trial.amount]
                assert before.endswith("\n" + line)


def test_what_is_typed_behind_the_marker_is_all_that_stands_there() -> None:
    for trial in of_measure(Measure.BEHIND):
        (wanted,) = trial.path
        assert len(wanted.rest) == 1 + trial.amount
        assert trial.reference.rest == (MIDDLE,)
        assert texts_of(wanted) == texts_of(trial.reference)
    (line,) = of_measure(Measure.LINE)
    assert text_of(line.path[0].rest[1:]) == "chosen = "


def test_noise_is_the_same_prompt_in_small_steps() -> None:
    (trial,) = of_measure(Measure.NOISE)
    lengths = [len(wanted.tokens) for wanted in trial.path]
    assert {after - before for before, after in pairwise(lengths[:-1])} == {37}
    assert all(
        trial.reference.tokens[:length] == wanted.tokens
        for length, wanted in zip(lengths, trial.path, strict=True)
    )


def test_every_case_has_lines_enough_for_every_jump() -> None:
    smallest = case(LEAST_LINES_AROUND)
    for seed in range(50):
        jumps = [
            trial.amount
            for trial in trials(smallest, TOKENIZER, BUDGET, seed)
            if trial.measure is Measure.JUMP
        ]
        assert set(jumps) == set(JUMPED_LINES)


def test_a_short_prefix_has_no_room_for_long_typing() -> None:
    short = Case("short.py", "\n" * 41 + "x" * 30, "truth", "\n" * 41)
    amounts = {
        trial.amount
        for trial in trials(short, TOKENIZER, BUDGET)
        if trial.measure in {Measure.TYPED, Measure.BEHIND}
    }
    assert amounts == {10, 40}


def _cost_of_the_last(trial: Trial) -> int:
    cached, n_evaluated = Cached(), 0
    for wanted in trial.path:
        steps = plan_prompt(cached, wanted, MEMORY, trial.rule)
        n_evaluated = evaluated_tokens(steps)
        for step in steps:
            cached = after_step(cached, step)
    return n_evaluated
