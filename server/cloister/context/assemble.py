"""Chooses what is shown of all that was found, within a budget. Pure.

What counts is how many names that are wanted next become visible per token, so text that shows
known names again is worth little, and a short signature is worth more than the body it is in.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cloister.context.candidate import Candidate
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery

LineCost = Callable[[str], int]
"""The tokens of a line, its end included."""

# That a name is defined in the text is worth this much more than that it occurs.
_WORTH_OF_DEFINITION = 0.8
# What each token of similar text is worth by itself, for the model imitates as well as looks up.
_WORTH_OF_IMITATION = 0.003
# What stands where lines are left out, behind what begins a comment.
_GAP = "…"
# Far more than fit into any budget; the others have no chance.
_MOST_WEIGHED = 400


@dataclass(frozen=True, slots=True)
class Chosen:
    """Lines of a candidate that will be shown."""

    candidate: Candidate
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the names in it that may be wanted, and its tokens."""

    number: int
    names: frozenset[str]
    tokens: int


@dataclass(slots=True)
class _Board:
    """What is shown so far, and what the rest would add to it."""

    likelihoods: Mapping[str, float]
    cost: LineCost
    gap_tokens: int
    lines: dict[str, set[int]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)

    def new_lines(self, candidate: Candidate, lines: Sequence[_Line]) -> Sequence[_Line]:
        shown = self.lines.get(candidate.path)
        if not shown or candidate.is_remark:
            return lines
        return [line for line in lines if line.number not in shown]

    def value(self, candidate: Candidate, lines: Sequence[_Line]) -> tuple[float, int]:
        """Return what the candidate adds, and the tokens it takes."""
        new = self.new_lines(candidate, lines)
        if not new:
            return 0.0, 0
        names = frozenset().union(*[line.names for line in new]) - self.names
        tokens = sum([line.tokens for line in new])
        gain = sum([self.likelihoods[name] for name in names])
        for name in candidate.defines:
            if name not in self.defined:
                gain += _WORTH_OF_DEFINITION * self.likelihoods.get(name, 0.0)
        gain += _WORTH_OF_IMITATION * candidate.score * tokens
        header = 0 if candidate.path in self.lines else self.cost(candidate.path)
        return gain, tokens + header + _n_runs(new) * self.gap_tokens

    def show(self, candidate: Candidate, lines: Sequence[_Line]) -> Chosen:
        new = self.new_lines(candidate, lines)
        self.lines.setdefault(candidate.path, set()).update(line.number for line in new)
        self.names.update(*[line.names for line in new])
        self.defined.update(candidate.defines)
        return Chosen(candidate, tuple(line.number for line in new))


def choose(
    query: ContextQuery,
    candidates: Sequence[Candidate],
    likelihoods: Mapping[str, float],
    budget_tokens: int,
    cost: LineCost,
) -> list[Chosen]:
    """Return what to show, the most valuable per token first."""
    comment = query.place.language.line_comment if query.place.language else ""
    board = _Board(likelihoods, cost, cost(gap_line(comment)))
    lines = [_lines(query, candidate, likelihoods, cost) for candidate in candidates]
    ranked = (
        (-_density(*board.value(candidate, lines[n])), n) for n, candidate in enumerate(candidates)
    )
    heap = heapq.nsmallest(_MOST_WEIGHED, ranked)
    chosen: list[Chosen] = []
    room = budget_tokens
    while heap and room > 0:
        _, number = heapq.heappop(heap)
        gain, tokens = board.value(candidates[number], lines[number])
        density = _density(gain, tokens)
        if density <= 0 or tokens > room:
            continue
        if heap and density < -heap[0][0]:
            heapq.heappush(heap, (-density, number))
            continue
        chosen.append(board.show(candidates[number], lines[number]))
        room -= tokens
    return chosen


def gap_line(comment: str) -> str:
    """Return the line that stands where some are left out; `comment` begins a comment."""
    return f"{comment} {_GAP}".lstrip()


def _n_runs(lines: Sequence[_Line]) -> int:
    return 1 + sum(after.number != before.number + 1 for before, after in pairwise(lines))


def _lines(
    query: ContextQuery, candidate: Candidate, likelihoods: Mapping[str, float], cost: LineCost
) -> list[_Line]:
    """Return the lines of a candidate that the window does not show, without blank ends."""
    numbered = list(enumerate(candidate.text.split("\n"), start=candidate.first_line))
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    while numbered and not numbered[0][1].strip():
        numbered.pop(0)
    return [
        _Line(number, names_of_line(text) & likelihoods.keys(), cost(text))
        for number, text in numbered
        if candidate.is_remark or not query.shows(candidate.path, number)
    ]


def _density(gain: float, tokens: int) -> float:
    return gain / tokens if tokens else 0.0
