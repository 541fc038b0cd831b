from hypothesis import given
from hypothesis import strategies as st

from cloister.context.window import Anchor, WindowBudget, plan_anchor

BUDGET = WindowBudget(prefix_tokens=100, suffix_tokens=40)
COSTS = st.lists(st.integers(1, 60), min_size=1, max_size=80)


def plan(costs: list[int], cursor_line: int, previous: Anchor | None = None) -> Anchor:
    return plan_anchor(cursor_line, len(costs), costs.__getitem__, BUDGET, previous)


def test_a_small_document_is_shown_whole() -> None:
    assert plan([5] * 6, 3) == Anchor(first_line=0, lines_below=0)


def test_a_fresh_window_leaves_a_quarter_of_the_budget_for_typing() -> None:
    anchor = plan([5] * 200, 100)
    assert anchor == Anchor(first_line=86, lines_below=94)


def test_typing_lines_keeps_both_edges_until_the_budget_is_used_up() -> None:
    costs = [5] * 200
    anchor = first = plan(costs, 100)
    moves = 0
    for n_typed in range(1, 13):
        costs.insert(100, 5)
        following = plan(costs, 100 + n_typed, anchor)
        moves += following.first_line != anchor.first_line
        anchor = following
    assert moves == 2  # a quarter of 100 tokens holds five lines of five; the sixth moves it
    assert anchor.lines_below == first.lines_below


def test_typing_within_a_line_moves_nothing() -> None:
    # All but the line's own room is used up when it begins.
    costs = [*[5] * 20, 1, *[5] * 7]
    first = anchor = plan(costs, 20, Anchor(1, 0))
    assert (first.first_line, first.lines_below) == (1, 0)
    for n_typed in range(25):
        costs[20] = 1 + n_typed
        anchor = plan(costs, 20, anchor)
        assert anchor == first
    # A new line starts within the budget again.
    costs[20:20] = [9]
    assert plan(costs, 21, anchor).first_line > first.first_line


def test_a_budget_that_changes_waits_for_the_next_line() -> None:
    costs, smaller = [5] * 200, WindowBudget(prefix_tokens=50, suffix_tokens=20)
    first = plan(costs, 100)
    assert plan_anchor(100, len(costs), costs.__getitem__, smaller, first) == first
    assert plan_anchor(101, len(costs), costs.__getitem__, smaller, first) != first


def test_a_jump_starts_a_new_window() -> None:
    costs = [5] * 200
    near_end = plan(costs, 190, plan(costs, 20))
    assert near_end == plan(costs, 190)


@given(COSTS, st.data())
def test_no_side_exceeds_its_budget_unless_the_line_itself_does(
    costs: list[int], data: st.DataObject
) -> None:
    anchor = None
    for _ in range(4):
        cursor_line = data.draw(st.integers(0, len(costs) - 1))
        anchor = plan(costs, cursor_line, anchor)
        last = len(costs) - 1 - anchor.lines_below
        assert 0 <= anchor.first_line <= cursor_line <= last < len(costs)
        before = sum(costs[anchor.first_line : cursor_line + 1])
        after = sum(costs[cursor_line : last + 1])
        assert before <= BUDGET.prefix_tokens
        assert after <= max(BUDGET.suffix_tokens, costs[cursor_line])


@given(COSTS, st.data())
def test_planning_again_changes_nothing(costs: list[int], data: st.DataObject) -> None:
    cursor_line = data.draw(st.integers(0, len(costs) - 1))
    anchor = plan(costs, cursor_line)
    again = plan(costs, cursor_line, anchor)
    assert plan(costs, cursor_line, again) == again
