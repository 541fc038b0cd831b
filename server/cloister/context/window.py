"""Which lines around the cursor the model sees; pure.

Edges are anchored: while the user types, the window keeps its first and last line until the text
outgrows the budget, and then jumps by a quarter of it. An edge that slid by a line on every
keystroke would change the prompt's beginning each time, and with it everything that is cached. It
jumps with a new line rather than within one, where somebody types fastest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

LineCost = Callable[[int], int]
"""The tokens of a line, terminator included."""

_FRESH_SHARE = 0.75
"""How much of the budget a new window fills; the rest is room for typing."""

_SAME_LINE_SHARE = 1.25
"""How far the text before the cursor may outgrow its budget within a line, whose bytes are counted
as tokens and mostly are a third of that."""


@dataclass(frozen=True, slots=True)
class WindowBudget:
    """The most tokens on each side of the cursor."""

    prefix_tokens: int
    suffix_tokens: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """The window's edges in terms that typing between them does not change.

    They were planned for a cursor in `cursor_line`, within `budget`.
    """

    first_line: int
    lines_below: int
    cursor_line: int = field(default=-1, compare=False)
    budget: WindowBudget | None = field(default=None, compare=False)


def plan_anchor(
    cursor_line: int,
    n_lines: int,
    cost: LineCost,
    budget: WindowBudget,
    previous: Anchor | None,
) -> Anchor:
    """Return the edges for a cursor in `cursor_line` of `n_lines`, keeping each that still serves.

    The window runs from the start of `first_line` to the end of the line that has `lines_below`
    lines after it. The cursor's line counts on both sides, so neither side exceeds its budget; what
    is typed into it afterwards may, while the cursor stays there.
    """
    first, below = None, None
    if previous is not None and previous.budget and previous.cursor_line == cursor_line:
        budget = previous.budget
        if _still_fits(previous, n_lines, cost):
            return previous
    if previous is not None:
        first = _kept_first(previous.first_line, cursor_line, cost, budget.prefix_tokens)
        below = _kept_below(previous.lines_below, cursor_line, n_lines, cost, budget.suffix_tokens)
    if first is None:
        first = _walk(cursor_line, -1, 0, cost, budget.prefix_tokens)
    if below is None:
        last = _walk(cursor_line, 1, n_lines - 1, cost, budget.suffix_tokens)
        below = n_lines - 1 - last
    return Anchor(first, below, cursor_line, budget)


def _still_fits(anchor: Anchor, n_lines: int, cost: LineCost) -> bool:
    """Return whether the window still serves a cursor in the line that it was planned for."""
    cursor_line, last = anchor.cursor_line, n_lines - 1 - anchor.lines_below
    if not anchor.budget or not anchor.first_line <= cursor_line <= last:
        return False
    most_above = int(anchor.budget.prefix_tokens * _SAME_LINE_SHARE)
    most_below = anchor.budget.suffix_tokens
    return (
        _sum_until(range(anchor.first_line, cursor_line + 1), cost, most_above) <= most_above
        and _sum_until(range(cursor_line + 1, last + 1), cost, most_below) <= most_below
    )


def _kept_first(first: int, cursor_line: int, cost: LineCost, limit_tokens: int) -> int | None:
    if first > cursor_line:
        return None
    tokens = _sum_until(range(first, cursor_line + 1), cost, limit_tokens)
    if tokens > limit_tokens:
        return None
    # A window that shrank to less than half its size (the cursor moved up) starts anew.
    return first if first == 0 or tokens * 2 >= limit_tokens else None


def _kept_below(
    below: int, cursor_line: int, n_lines: int, cost: LineCost, limit_tokens: int
) -> int | None:
    last = n_lines - 1 - below
    if last < cursor_line:
        return None
    tokens = _sum_until(range(cursor_line, last + 1), cost, limit_tokens)
    if tokens > limit_tokens:
        return None
    return below if below == 0 or tokens * 2 >= limit_tokens else None


def _sum_until(lines: range, cost: LineCost, limit_tokens: int) -> int:
    total = 0
    for line in lines:
        total += cost(line)
        if total > limit_tokens:
            break
    return total


def _walk(line: int, step: int, last: int, cost: LineCost, limit_tokens: int) -> int:
    room = limit_tokens * _FRESH_SHARE - cost(line)
    while line != last and (needed := cost(line + step)) <= room:
        line += step
        room -= needed
    return line
