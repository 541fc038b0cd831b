from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.kv import Plan, plan_prompt, room_for_answer

# Few distinct tokens, so that common prefixes happen.
TOKENS = st.lists(st.integers(0, 2), max_size=12)
SLOTS = st.lists(TOKENS, min_size=1, max_size=4)


@given(SLOTS, TOKENS.filter(bool), st.integers(0, 14), st.randoms())
def test_the_plan_makes_one_slot_hold_the_prompt_at_least_cost(
    slots: list[list[int]], wanted: list[int], n_head_tokens: int, random: object
) -> None:
    order = list(range(len(slots)))
    random.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis does not type it
    plan = plan_prompt(slots, order, wanted, n_head_tokens)
    cached = slots[plan.slot]
    assert cached[: plan.keep] + list(plan.evaluate) == wanted
    assert plan.evaluate, "sampling needs the logits of the last token"
    could_keep_one_more = cached[: plan.keep + 1] == wanted[: plan.keep + 1]
    assert not could_keep_one_more or plan.keep == len(wanted) - 1 or plan.keep == len(cached)


@given(SLOTS, TOKENS.filter(bool), st.integers(1, 14))
def test_a_document_keeps_its_slot_and_a_new_one_takes_the_idlest(
    slots: list[list[int]], wanted: list[int], n_head_tokens: int
) -> None:
    order = list(range(len(slots)))
    plan = plan_prompt(slots, order, wanted, n_head_tokens)
    head = wanted[: min(n_head_tokens, len(wanted) - 1)] or wanted[:1]
    own = [slot for slot in order if len(wanted) > 1 and slots[slot][: len(head)] == head]
    assert plan.slot in (own or [order[0]])


def test_typing_evaluates_only_what_was_typed() -> None:
    head, suffix, prefix, cue, answer = [0], [1, 2, 3], [4, 5, 6], [9], [7, 7, 7]
    slots = [head + suffix + prefix + cue + answer, []]
    plan = plan_prompt(slots, [1, 0], [*head, *suffix, *prefix, 8, *cue], n_head_tokens=1)
    assert plan == Plan(slot=0, keep=7, evaluate=(8, 9))


def test_four_documents_in_turn_stay_warm() -> None:
    slots: list[list[int]] = [[], [], [], []]
    order = [0, 1, 2, 3]
    costs = []
    for turn in range(3):
        for document in range(4):
            wanted = [50, document, *range(100, 120 + turn), 9]
            plan = plan_prompt(slots, order, wanted, n_head_tokens=2)
            slots[plan.slot] = slots[plan.slot][: plan.keep] + list(plan.evaluate)
            order.append(order.pop(order.index(plan.slot)))
            costs.append(len(plan.evaluate))
    assert costs == [23] * 4 + [2] * 8


@given(st.integers(0, 100), st.integers(-1, 100), st.integers(1, 100))
def test_an_answer_never_overflows_the_context(
    prompt_tokens: int, max_tokens: int, context_tokens: int
) -> None:
    room = room_for_answer(prompt_tokens, max_tokens, context_tokens)
    assert room == 0 or (room <= max_tokens and prompt_tokens + room <= context_tokens)
