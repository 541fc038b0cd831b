from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.speculation import (
    DRAFT_BATCHES,
    Answer,
    BatchCosts,
    Drafter,
    kept_tokens,
)

few_tokens = st.lists(st.integers(0, 2), max_size=30)


def free(_n_tokens: int) -> float:
    """Return costs at which the longest draft pays most."""
    return 1.0


def proportional(n_tokens: int) -> float:
    return float(n_tokens)


def drafter_after(prompt: list[int], written: list[int], expected: list[int]) -> Drafter:
    drafter = Drafter(prompt, expected)
    for token in written:
        drafter.add(token)
    return drafter


def what_followed(tokens: list[int], n_same: int) -> list[int]:
    """Return what followed the last `n_same` tokens where they stood last before."""
    for end in range(len(tokens) - 1, n_same - 1, -1):
        if tokens[end - n_same : end] == tokens[len(tokens) - n_same :]:
            return tokens[end:]
    return []


@given(few_tokens)
def test_a_draft_is_what_followed_the_longest_earlier_run(prompt: list[int]) -> None:
    runs = [run for n in range(1, 17) if n < len(prompt) and (run := what_followed(prompt, n))]
    expected = tuple(runs[-1]) if runs else ()
    draft = Drafter(prompt, ()).draft(15, free)
    assert draft == expected[: len(draft)]
    # As much as fits one of the batches.
    assert len(draft) + 1 == max(size for size in (1, *DRAFT_BATCHES) if size <= len(expected) + 1)


@given(few_tokens, few_tokens, few_tokens, st.integers(0, 15))
def test_a_draft_is_never_longer_than_allowed(
    prompt: list[int], written: list[int], expected: list[int], most: int
) -> None:
    assert len(drafter_after(prompt, written, expected).draft(most, free)) <= most


@given(few_tokens, few_tokens, few_tokens)
def test_nothing_is_drafted_where_a_batch_saves_nothing(
    prompt: list[int], written: list[int], expected: list[int]
) -> None:
    assert drafter_after(prompt, written, expected).draft(15, proportional) == ()


def test_the_expected_answer_is_drafted_as_long_as_it_is_written() -> None:
    expected = list(range(50, 60))
    drafter = Drafter([1, 2, 3], expected)
    assert drafter.draft(15, free) == tuple(range(50, 57))
    for token in range(50, 53):
        drafter.add(token)
    assert drafter.draft(15, free) == tuple(range(53, 60))
    drafter.add(1)
    assert drafter.draft(15, free) == (2, 3, 50)


def test_nothing_follows_the_end_of_the_expected_answer() -> None:
    assert drafter_after([1, 2, 3], [50, 51], [50, 51]).draft(15, free) == ()


def test_drafts_grow_with_what_was_right() -> None:
    """A line is written a second time, at what a batch costs on an ordinary processor."""
    line = list(range(100, 140))
    drafter = Drafter([*line, 1, 2], ())
    lengths = []
    for token in line[:30]:
        drafter.add(token)
        lengths.append(len(drafter.draft(15, lambda size: 1 + 0.4 * (size - 1))))
    assert lengths[0] == 0
    assert all(short <= long for short, long in pairwise(lengths))
    assert {7, 15} <= set(lengths)


@given(st.integers(1, 100), st.sampled_from(DRAFT_BATCHES))
def test_more_agreement_keeps_more(agreed: int, size: int) -> None:
    assert 1 < kept_tokens(agreed, size) < kept_tokens(agreed + 1, size) < size


def test_costs_are_learnt_in_evaluations_of_one_token() -> None:
    costs = BatchCosts()
    for _ in range(60):
        costs.record(1, 0.002)
        costs.record(4, 0.003)
    assert costs.cost(1) == 1
    assert costs.cost(4) == pytest.approx(1.5, abs=0.1)
    assert costs.cost(16) == BatchCosts().cost(16)


def test_a_stall_is_forgotten() -> None:
    costs = BatchCosts()
    costs.record(1, 0.001)
    costs.record(4, 10.0)
    assert costs.cost(4) > 1000
    for _ in range(1500):
        costs.record(1, 0.001)
    assert costs.cost(4) == pytest.approx(BatchCosts().cost(4), rel=0.01)


def test_odd_batches_teach_nothing() -> None:
    costs = BatchCosts()
    costs.record(0, 1.0)
    costs.record(1, 0.001)
    costs.record(3, 5.0)
    assert [costs.cost(size) for size in DRAFT_BATCHES] == [
        BatchCosts().cost(size) for size in DRAFT_BATCHES
    ]


@pytest.mark.parametrize(
    ("now", "rest"),
    [
        ("x = ", "print(1)"),
        ("x = pri", "nt(1)"),
        ("x = print(1)", ""),
        ("x = put", ""),
        ("y = pri", ""),
        ("x =", ""),
    ],
)
def test_what_is_left_of_an_answer(now: str, rest: str) -> None:
    assert Answer("x = ", "print(1)").rest(now) == rest
