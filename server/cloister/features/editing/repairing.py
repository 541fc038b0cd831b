"""What to ask of a model so that the problems go away that other tools report.

Problems in one function are one request, because its lines are rewritten at once. Outside of any
function the paragraph goes along, so that a line of it may be left out.
"""

from collections.abc import Iterable, Iterator, Sequence

from cloister.core.text import Span, Text
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import CALLABLES, Place, Problem
from cloister.features.editing.propose import whole_lines
from cloister.features.editing.ranges import line_ranges
from cloister.features.editing.task import Instruction, Repair

_MOST_MESSAGE_CHARS = 1_000
_MOST_PROBLEMS_AT_ONCE = 10
_MOST_PARAGRAPH_LINES = 20
_MAY_CHANGE = Promise(signature=False)


def repair(place: Place, problem: Problem) -> Instruction:
    """Return how to ask for one problem to be fixed."""
    return _instruction(place, _around(place.text, _callables(place), problem.span), (problem,))


def repairs(place: Place, problems: Iterable[Problem]) -> Iterator[Repair]:
    """Yield how to ask for problems to be fixed place by place, in order.

    Of very many in one place the first count.
    """
    ordered = sorted(problems, key=lambda it: it.span.start)
    callables = _callables(place)
    around = (_around(place.text, callables, it.span) for it in ordered)
    for span in line_ranges(place.text, around):
        here = [it for it in ordered if span.start <= it.span.start <= span.end]
        first = here[:_MOST_PROBLEMS_AT_ONCE]
        yield Repair(_instruction(place, span, first), len(first))


def _instruction(place: Place, span: Span, problems: Sequence[Problem]) -> Instruction:
    if len(problems) == 1:
        source = f" ({problems[0].source})" if problems[0].source else ""
        text = f"Fix this problem{source}: {_described(place, problems[0])}"
    else:
        listed = "\n".join(f"- {_described(place, it)}" for it in problems)
        text = f"Fix these problems:\n{listed}"
    messages = "\n".join(_message(it) for it in problems)
    return Instruction(
        span, f"{text}\nChange as little as possible.", messages, promise=_MAY_CHANGE
    )


def _described(place: Place, problem: Problem) -> str:
    line = place.text.line(place.text.line_of(problem.span.start)).strip()
    quoted = line[:_MOST_MESSAGE_CHARS]
    return f"{_message(problem)}\nIt is reported in the line `{quoted}`."


def _message(problem: Problem) -> str:
    return " ".join(problem.message.split())[:_MOST_MESSAGE_CHARS]


def _callables(place: Place) -> list[Span]:
    return [it.span for it in place.read.outline.definitions if it.kind in CALLABLES]


def _around(text: Text, callables: Sequence[Span], span: Span) -> Span:
    within = (it for it in callables if it.start <= span.start and span.end <= it.end)
    innermost = min(within, key=lambda it: it.end - it.start, default=None)
    return innermost or _paragraph(text, callables, span)


def _paragraph(text: Text, callables: Sequence[Span], span: Span) -> Span:
    """Return the lines around a span up to an empty one or a function, but not very many."""
    lines = whole_lines(text, span)
    first, last = text.line_of(lines.start), text.line_of(lines.end)
    above = max((it.end for it in callables if it.end <= lines.start), default=None)
    below = min((it.start for it in callables if it.start >= lines.end), default=None)
    top = 0 if above is None else text.line_of(above) + 1
    bottom = text.line_count if below is None else text.line_of(below)
    top = max(top, first - _MOST_PARAGRAPH_LINES)
    bottom = min(bottom, last + 1 + _MOST_PARAGRAPH_LINES)
    while first > top and text.line(first - 1).strip():
        first -= 1
    while last + 1 < bottom and text.line(last + 1).strip():
        last += 1
    return Span(text.line_start(first), text.line_end(last))
