from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.kv import plan_prompt, room_for_answer

# Few distinct tokens, so that common prefixes happen.
tokens = st.lists(st.integers(0, 2), max_size=12)


@given(cached=tokens, wanted=tokens.filter(bool))
def test_the_plan_makes_the_context_hold_the_prompt_at_least_cost(
    cached: list[int], wanted: list[int]
) -> None:
    plan = plan_prompt(cached, wanted)
    assert cached[: plan.keep] + list(plan.evaluate) == wanted
    assert plan.evaluate, "sampling needs the logits of the last token"
    could_keep_one_more = cached[: plan.keep + 1] == wanted[: plan.keep + 1]
    assert not could_keep_one_more or plan.keep == len(wanted) - 1 or plan.keep == len(cached)


def test_typing_evaluates_only_what_was_typed() -> None:
    suffix, prefix, cue, answer = [1, 2, 3], [4, 5, 6], [9], [7, 7, 7]
    plan = plan_prompt(suffix + prefix + cue + answer, [*suffix, *prefix, 8, *cue])
    assert plan.keep == 6
    assert plan.evaluate == (8, 9)


@given(st.integers(0, 100), st.integers(-1, 100), st.integers(1, 100))
def test_an_answer_never_overflows_the_context(
    prompt_tokens: int, max_tokens: int, context_tokens: int
) -> None:
    room = room_for_answer(prompt_tokens, max_tokens, context_tokens)
    assert room == 0 or (room <= max_tokens and prompt_tokens + room <= context_tokens)
