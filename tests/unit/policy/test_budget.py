from dataclasses import astuple, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from cloister.core.hardware import ModelSpeed
from cloister.policy.budget import Limits, plan_budget

BUNDLED = Limits(context_tokens=1024, max_tokens=96, deadline_ms=5000)
LARGE = Limits(context_tokens=8192, max_tokens=96, deadline_ms=5000)

limits = st.builds(
    Limits,
    context_tokens=st.integers(256, 32_768),
    max_tokens=st.integers(1, 512),
    deadline_ms=st.integers(50, 60_000),
)
rates = st.floats(0.01, 1e6)
speeds = st.builds(ModelSpeed, rates, rates)


def planned(limits: Limits, prefill: float, decode: float) -> tuple[int, ...]:
    return astuple(plan_budget(limits, ModelSpeed(prefill, decode), None))


@pytest.mark.parametrize("limit", [BUNDLED, LARGE])
def test_a_fast_model_is_not_limited(limit: Limits) -> None:
    assert plan_budget(limit, ModelSpeed(5000, 1000), None) == plan_budget(limit, None, None)


def test_what_the_context_allows() -> None:
    assert astuple(plan_budget(BUNDLED, None, None)) == snapshot((639, 224, 96, 0, 0))
    assert astuple(plan_budget(LARGE, None, None)) == snapshot((2048, 719, 96, 0, 2048))


def test_slower_models_read_and_write_less() -> None:
    assert planned(LARGE, 1300, 100) == snapshot((1024, 359, 96, 0, 512))
    assert planned(LARGE, 290, 70) == snapshot((384, 134, 96, 0, 0))
    assert planned(LARGE, 100, 25) == snapshot((256, 89, 48, 0, 0))
    assert planned(LARGE, 40, 8) == snapshot((256, 89, 16, 250, 0))
    assert planned(LARGE, 2, 0.1) == snapshot((256, 89, 12, 300, 0))


def test_an_impatient_user_gets_less() -> None:
    impatient = Limits(context_tokens=8192, max_tokens=96, deadline_ms=1000)
    assert planned(impatient, 2000, 70) == snapshot((512, 179, 32, 0, 0))


def test_a_small_context_is_all_window_unless_somebody_asks() -> None:
    asked = replace(BUNDLED, snippet_tokens=300)
    assert plan_budget(BUNDLED, None, None).snippet_tokens == 0
    assert plan_budget(asked, None, None).snippet_tokens == 300
    assert plan_budget(asked, ModelSpeed(2, 0.1), None).snippet_tokens == 300
    assert plan_budget(replace(BUNDLED, snippet_tokens=5000), None, None).prefix_tokens > 300


@given(limits, speeds)
def test_cold_windows_and_answers_come_in_time(limits: Limits, speed: ModelSpeed) -> None:
    budget = plan_budget(limits, speed, None)
    least = plan_budget(limits, ModelSpeed(0.001, 0.001), None)
    prompt = budget.prefix_tokens + budget.suffix_tokens + budget.snippet_tokens
    cold_ms = prompt / speed.prefill_tokens_per_second * 1000
    writing_ms = budget.answer_tokens / speed.decode_tokens_per_second * 1000
    assert cold_ms <= min(2000, 0.4 * limits.deadline_ms) * 1.001 or (
        budget.prefix_tokens == least.prefix_tokens
    )
    assert writing_ms <= 0.5 * limits.deadline_ms * 1.001 or (
        budget.answer_tokens == least.answer_tokens
    )


@given(limits, speeds)
def test_a_budget_fits_the_context_and_the_settings(limits: Limits, speed: ModelSpeed) -> None:
    budget, most = plan_budget(limits, speed, None), plan_budget(limits, None, None)
    assert 0 < budget.answer_tokens <= limits.max_tokens
    assert 0 < budget.prefix_tokens <= most.prefix_tokens
    prompt = budget.prefix_tokens + budget.suffix_tokens + budget.snippet_tokens
    assert prompt + most.answer_tokens < limits.context_tokens
    assert 0 <= budget.delay_ms <= 300


@given(limits, speeds, st.floats(1, 1000))
def test_a_faster_model_never_gets_less(limits: Limits, speed: ModelSpeed, times: float) -> None:
    faster = ModelSpeed(
        speed.prefill_tokens_per_second * times, speed.decode_tokens_per_second * times
    )
    slow, fast = plan_budget(limits, speed, None), plan_budget(limits, faster, None)
    assert fast.prefix_tokens >= slow.prefix_tokens
    assert fast.suffix_tokens >= slow.suffix_tokens
    assert fast.answer_tokens >= slow.answer_tokens
    assert fast.snippet_tokens >= slow.snippet_tokens
    assert fast.delay_ms <= slow.delay_ms


@given(limits, speeds, st.lists(st.tuples(*[st.floats(0.801, 1.249)] * 2), max_size=10))
@example(Limits(2048, 1, 243), ModelSpeed(23412.0, 1.0), [(1.125, 1.0)])
def test_a_window_stays_while_the_speed_wavers(
    limits: Limits, speed: ModelSpeed, changes: list[tuple[float, float]]
) -> None:
    first = budget = plan_budget(limits, speed, None)
    for prefill, decode in changes:
        wavering = ModelSpeed(
            speed.prefill_tokens_per_second * prefill, speed.decode_tokens_per_second * decode
        )
        budget = plan_budget(limits, wavering, budget)
    assert budget.prefix_tokens == first.prefix_tokens
    assert budget.suffix_tokens == first.suffix_tokens
    assert budget.answer_tokens == first.answer_tokens
    assert budget.snippet_tokens == first.snippet_tokens


@given(limits, speeds, speeds)
def test_a_change_of_speed_moves_it_close_to_where_it_belongs(
    limits: Limits, before: ModelSpeed, now: ModelSpeed
) -> None:
    budget = plan_budget(limits, now, plan_budget(limits, before, None))
    slower = ModelSpeed(now.prefill_tokens_per_second / 1.26, now.decode_tokens_per_second / 1.26)
    faster = ModelSpeed(now.prefill_tokens_per_second * 1.26, now.decode_tokens_per_second * 1.26)
    least, most = plan_budget(limits, slower, None), plan_budget(limits, faster, None)
    assert least.prefix_tokens <= budget.prefix_tokens <= most.prefix_tokens
    assert least.answer_tokens <= budget.answer_tokens <= most.answer_tokens


def test_other_settings_count_at_once() -> None:
    before = plan_budget(BUNDLED, ModelSpeed(5000, 1000), None)
    shorter = Limits(context_tokens=1024, max_tokens=20, deadline_ms=5000)
    assert plan_budget(shorter, ModelSpeed(5000, 1000), before).answer_tokens == 20
