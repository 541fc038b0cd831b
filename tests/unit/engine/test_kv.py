"""Plans, carried out in a simulated memory that keeps llama.cpp's rules."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.kv import (
    CHANGING_TOKENS,
    Cached,
    Checkpoint,
    DropSpare,
    Evaluate,
    Keep,
    Memory,
    Rejoin,
    SetAside,
    ShiftRule,
    Step,
    Wanted,
    after_step,
    common_length,
    evaluated_tokens,
    plan_prompt,
    room_for_answer,
)

WHOLE, SPARE = 0, 1
SUFFIX, MIDDLE = 90, 91
SHIFTING = Memory(rewinds=True, shifts=True)
REWINDING = Memory(rewinds=True, shifts=False)
RECURRENT = Memory(rewinds=False, shifts=False)
RULE = ShiftRule(fresh_tokens=1, least_tokens=2, most_drift_tokens=12)

# Few distinct tokens, so that common runs happen.
TOKENS = st.lists(st.integers(0, 2), max_size=14).map(tuple)
RULES = st.sampled_from([RULE, None])
MEMORIES = st.sampled_from([SHIFTING, REWINDING, RECURRENT])


@dataclass
class Cell:
    """One token's values, and the tokens that it saw when they were computed."""

    token: int
    position: int
    saw: tuple[int, ...]
    sequences: set[int] = field(default_factory=lambda: {WHOLE})


class SimulatedMemory:
    """Cells that can belong to sequences, and refuse what llama.cpp refuses."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.cells: list[Cell] = []
        self.checkpoint: list[Cell] = []

    def sequence(self, number: int) -> list[Cell]:
        return sorted((c for c in self.cells if number in c.sequences), key=lambda c: c.position)

    def tokens(self) -> tuple[int, ...]:
        return tuple(cell.token for cell in self.sequence(WHOLE))

    def do(self, cached: Cached, step: Step) -> None:
        match step:
            case Keep(n_tokens=n_tokens):
                self.keep(n_tokens)
            case Evaluate(tokens=tokens):
                for token in tokens:
                    self.cells.append(Cell(token, len(self.tokens()), self.tokens()))
            case SetAside(start=start, end=end):
                assert not self.sequence(SPARE)
                for cell in self.sequence(WHOLE):
                    if start <= cell.position < end:
                        cell.sequences.add(SPARE)
                self.forget(WHOLE, start)
            case Rejoin(first=first, n_tokens=n_tokens):
                assert cached.spare is not None
                self.rejoin(cached.spare.start + first, n_tokens)
            case DropSpare():
                self.forget(SPARE, 0)
            case Checkpoint():
                self.checkpoint = self.sequence(WHOLE)

    def keep(self, n_tokens: int) -> None:
        if self.memory.rewinds or n_tokens == len(self.tokens()):
            self.forget(WHOLE, n_tokens)
        else:
            assert n_tokens in {0, len(self.checkpoint)}, "this memory cannot be rewound"
            self.cells = list(self.checkpoint) if n_tokens else []

    def rejoin(self, start: int, n_tokens: int) -> None:
        assert self.memory.shifts
        by = len(self.tokens()) - start
        spare = self.sequence(SPARE)
        assert all(cell.sequences == {SPARE} for cell in spare), "moved cells belong to one only"
        for cell in (
            spare[: start - spare[0].position] + spare[start - spare[0].position + n_tokens :]
        ):
            self.cells.remove(cell)
        for cell in self.sequence(SPARE):
            cell.position += by
            cell.sequences = {WHOLE}

    def forget(self, number: int, start: int) -> None:
        for cell in self.sequence(number):
            if cell.position >= start:
                cell.sequences.discard(number)
        self.cells = [cell for cell in self.cells if cell.sequences]


def carry_out(simulated: SimulatedMemory, cached: Cached, steps: tuple[Step, ...]) -> Cached:
    for step in steps:
        simulated.do(cached, step)
        cached = after_step(cached, step)
        check_agreement(simulated, cached)
    return cached


def check_agreement(simulated: SimulatedMemory, cached: Cached) -> None:
    whole = simulated.sequence(WHOLE)
    assert tuple(cell.token for cell in whole) == cached.tokens
    assert [cell.position for cell in whole] == list(range(len(whole)))
    assert 0 <= cached.exact_tokens <= len(whole)
    for cell in whole[: cached.exact_tokens]:
        assert cell.saw == cached.tokens[: cell.position], "what counts as exact is exact"
    spare = tuple(cell.token for cell in simulated.sequence(SPARE))
    assert spare == (cached.spare.tokens if cached.spare else ())


@st.composite
def prompts(draw: st.DrawFn) -> list[Wanted]:
    """Prompts as an editor makes them: text typed, removed, jumped over; suffix last or first."""
    text, cursor = list(draw(TOKENS)), 0
    suffix_first = draw(st.booleans())
    wanted = []
    for _ in range(draw(st.integers(1, 8))):
        cursor = min(len(text), draw(st.one_of(st.just(cursor), st.integers(0, 14))))
        start = max(0, cursor - draw(st.integers(0, 2)))
        text[start:cursor] = draw(st.lists(st.integers(0, 2), max_size=3))
        cursor = min(cursor, len(text))
        split = max(0, cursor - draw(st.integers(0, 2)))
        before, after = tuple(text[:cursor]), tuple(text[cursor:])
        if suffix_first:
            wanted.append(Wanted((80, SUFFIX, *after, MIDDLE, *before, 92), (), ()))
        else:
            typed = tuple(text[split:cursor])
            wanted.append(Wanted((80, *text[:split]), (SUFFIX, *after), (MIDDLE, *typed)))
    return wanted


@given(prompts(), MEMORIES, st.lists(st.integers(0, 4), min_size=8, max_size=8), RULES)
def test_any_plan_leaves_the_wanted_tokens_in_the_wanted_order(
    wanted: list[Wanted], memory: Memory, written: list[int], rule: ShiftRule | None
) -> None:
    simulated, cached = SimulatedMemory(memory), Cached()
    for prompt, n_written in zip(wanted, written, strict=False):
        steps = plan_prompt(cached, prompt, memory, rule)
        assert isinstance(steps[-1], Evaluate)
        assert steps[-1].tokens, "sampling needs the logits of the last token"
        cached = carry_out(simulated, cached, steps)
        assert cached.tokens == prompt.tokens
        assert cached.spare is None
        assert cached.drift_tokens <= RULE.most_drift_tokens
        if rule is None or not memory.shifts or not prompt.tail:
            assert cached.is_exact
        cached = carry_out(simulated, cached, (Evaluate((7,) * n_written),))


@given(prompts(), MEMORIES, st.data())
def test_a_plan_that_was_interrupted_harms_nothing(
    wanted: list[Wanted], memory: Memory, data: st.DataObject
) -> None:
    simulated, cached = SimulatedMemory(memory), Cached()
    for prompt in wanted:
        steps = plan_prompt(cached, prompt, memory, RULE)
        # Whatever may be interrupted is an evaluation, and the part done counts.
        done = data.draw(st.integers(0, len(steps)))
        part: tuple[Step, ...] = ()
        if done < len(steps) and isinstance(step := steps[done], Evaluate):
            part = (Evaluate(step.tokens[: data.draw(st.integers(0, len(step.tokens)))]),)
        cached = carry_out(simulated, cached, (*steps[:done], *part))
    last = wanted[-1]
    cached = carry_out(simulated, cached, plan_prompt(cached, last, memory, None))
    assert cached.tokens == last.tokens
    assert cached.is_exact


@given(prompts())
def test_an_exact_plan_keeps_every_token_that_it_can(wanted: list[Wanted]) -> None:
    cached = Cached()
    for prompt in wanted:
        steps = plan_prompt(cached, prompt, REWINDING, None)
        common = common_length(cached.tokens, prompt.tokens)
        assert evaluated_tokens(steps) == len(prompt.tokens) - min(common, len(prompt.tokens) - 1)
        for step in steps:
            cached = after_step(cached, step)


@given(prompts())
def test_moving_a_tail_never_costs_more_than_evaluating_it(wanted: list[Wanted]) -> None:
    cached = Cached()
    for prompt in wanted:
        moving = plan_prompt(cached, prompt, SHIFTING, RULE)
        plain = plan_prompt(cached, prompt, REWINDING, RULE)
        assert evaluated_tokens(moving) <= evaluated_tokens(plain)
        for step in moving:
            cached = after_step(cached, step)


@given(TOKENS, TOKENS)
def test_the_common_length_is_that_of_the_common_beginning(
    have: tuple[int, ...], want: tuple[int, ...]
) -> None:
    length = common_length(have, want)
    assert have[:length] == want[:length]
    assert length == min(len(have), len(want)) or have[length] != want[length]


# A window: 40 tokens before the cursor's line, 30 after; fewer would not be worth moving.
LEAD, TAIL = tuple(range(100, 140)), (SUFFIX, *range(200, 230))
WINDOW_RULE = ShiftRule(fresh_tokens=4, least_tokens=8, most_drift_tokens=40)


def cost_of_change(before: Wanted, after: Wanted, memory: Memory = SHIFTING) -> int:
    cached = Cached()
    for step in plan_prompt(cached, before, memory, WINDOW_RULE):
        cached = after_step(cached, step)
    cached = after_step(cached, Evaluate((7, 7, 7)))
    return evaluated_tokens(plan_prompt(cached, after, memory, WINDOW_RULE))


WINDOW = Wanted(LEAD, TAIL, (MIDDLE, 300))


@pytest.mark.parametrize(
    ("change", "after", "expected"),
    [
        ("nothing", WINDOW, 1),
        ("a typed token", Wanted(LEAD, TAIL, (MIDDLE, 300, 301)), 1),
        ("a token that merges with the one before", Wanted(LEAD, TAIL, (MIDDLE, 302)), 1),
        ("everything typed removed", Wanted(LEAD, TAIL, (MIDDLE,)), 1),
        ("the accepted answer", Wanted(LEAD, TAIL, (MIDDLE, 300, 7, 7)), 1),
        ("a line down", Wanted((*LEAD, 300, 200, 201), (SUFFIX, *TAIL[3:]), (MIDDLE,)), 9),
        ("a line up", Wanted(LEAD[:-3], (SUFFIX, *LEAD[-3:], 300, *TAIL[1:]), (MIDDLE,)), 10),
        ("an edit above", Wanted((*LEAD[:30], 9, *LEAD[31:]), TAIL, (MIDDLE, 300)), 16),
        ("an edit below", Wanted(LEAD, (*TAIL[:10], 9, *TAIL[10:]), (MIDDLE, 300)), 7),
        ("another file", Wanted((1, 2, 3), (SUFFIX, 4), (MIDDLE,)), 6),
    ],
)
def test_what_a_change_costs_behind_a_suffix(change: str, after: Wanted, expected: int) -> None:
    assert cost_of_change(WINDOW, after) == expected, change


SUFFIX_FIRST = Wanted((80, SUFFIX, *TAIL[1:], MIDDLE, *LEAD, 92), (), ())


@pytest.mark.parametrize(
    ("change", "after", "expected"),
    [
        ("a typed token", Wanted((80, SUFFIX, *TAIL[1:], MIDDLE, *LEAD, 300, 92), (), ()), 2),
        ("a removed token", Wanted((80, SUFFIX, *TAIL[1:], MIDDLE, *LEAD[:-1], 92), (), ()), 1),
    ],
)
def test_what_a_change_costs_behind_a_prefix(change: str, after: Wanted, expected: int) -> None:
    assert cost_of_change(SUFFIX_FIRST, after) == expected, change


def test_a_recurrent_memory_goes_on_from_its_checkpoint() -> None:
    after = Wanted(LEAD, TAIL, (MIDDLE, 300, 301))
    assert cost_of_change(WINDOW, after, RECURRENT) == CHANGING_TOKENS + 1
    shorter = Wanted(LEAD, TAIL, (MIDDLE,))
    assert cost_of_change(WINDOW, shorter, RECURRENT) == CHANGING_TOKENS - 1
    # It cannot be rewound any further, so anything else starts from the beginning.
    elsewhere = Wanted(LEAD, TAIL[:-20], (MIDDLE,))
    assert cost_of_change(WINDOW, elsewhere, RECURRENT) == len(elsewhere.tokens)


def test_drift_adds_up_until_the_tail_is_evaluated_again() -> None:
    cached, costs = Cached(), []
    for n_lines in range(12):
        wanted = Wanted((*LEAD, *range(400, 400 + 6 * n_lines)), TAIL, (MIDDLE,))
        steps = plan_prompt(cached, wanted, SHIFTING, WINDOW_RULE)
        costs.append(evaluated_tokens(steps))
        for step in steps:
            cached = after_step(cached, step)
    # Six new tokens, four fresh ones of the tail and the marker, and a whole tail when 40 are over.
    assert costs == [72, 11, 11, 11, 11, 11, 11, 38, 11, 11, 11, 11]


@given(st.integers(0, 100), st.integers(-1, 100), st.integers(1, 100))
def test_an_answer_never_overflows_the_context(
    prompt_tokens: int, max_tokens: int, context_tokens: int
) -> None:
    room = room_for_answer(prompt_tokens, max_tokens, context_tokens)
    assert room == 0 or (room <= max_tokens and prompt_tokens + room <= context_tokens)
