"""Chooses what is shown of all that was found, within a budget. Pure.

What counts is how many names that are wanted next become visible per token, so text that shows
known names again is worth little, and a short signature is worth more than the body it is in.
"""

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from cloister.context.candidate import Candidate
from cloister.context.names import names_of_line, names_of_lines
from cloister.context.query import ContextQuery

LineCost = Callable[[str], int]
"""The tokens of a line, its end included."""

# That a name is defined in the text is worth this much more than that it occurs.
_WORTH_OF_DEFINITION = 1.2
# What each token of similar text is worth by itself, for the model imitates as well as looks up.
_WORTH_OF_IMITATION = 0.003
# What stands where lines are left out, behind what begins a comment.
_GAP = "…"
# Far more than fit into any budget; the others have no chance.
_MOST_WEIGHED = 250
# What a candidate takes beside its text: marks, and the path of its file.
_HEADER_CHARS = 40


@dataclass(frozen=True, slots=True)
class Chosen:
    """Lines of a candidate that will be shown."""

    candidate: Candidate
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of a candidate: their numbers and texts, names that may be wanted, and tokens."""

    lines: Sequence[tuple[int, str]]
    names: frozenset[str]
    tokens: int


_NOTHING = _Part((), frozenset(), 0)


@dataclass(slots=True)
class _Board:
    """What is shown so far, and what the rest would add to it."""

    likelihoods: Mapping[str, float]
    cost: LineCost
    gap_tokens: int
    lines: dict[str, set[int]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)

    def part(self, lines: Sequence[tuple[int, str]], names: frozenset[str]) -> _Part:
        """Return lines with their tokens, marks of gaps included."""
        tokens = sum([self.cost(text) for _, text in lines]) + _n_runs(lines) * self.gap_tokens
        return _Part(lines, names & self.likelihoods.keys(), tokens)

    def new(self, candidate: Candidate, part: _Part) -> _Part:
        """Return what is not shown yet of a part of a candidate."""
        shown = self.lines.get(candidate.path)
        if not shown or candidate.is_remark:
            return part
        lines = [line for line in part.lines if line[0] not in shown]
        if len(lines) == len(part.lines):
            return part
        names = (names_of_line(text) for _, text in lines)
        return self.part(lines, frozenset().union(*names)) if lines else _NOTHING

    def density(self, candidate: Candidate, part: _Part) -> tuple[float, int]:
        """Return what a new part adds per token, and the tokens it takes."""
        if not part.lines:
            return 0.0, 0
        likelihoods = self.likelihoods
        gain = math.fsum([likelihoods[name] for name in part.names - self.names])
        for name in candidate.defines:
            if name not in self.defined:
                gain += _WORTH_OF_DEFINITION * likelihoods.get(name, 0.0)
        gain += _WORTH_OF_IMITATION * candidate.score * part.tokens
        header = 0 if candidate.path in self.lines else self.cost(candidate.path)
        tokens = part.tokens + header
        return gain / tokens, tokens

    def show(self, candidate: Candidate, part: _Part) -> Chosen:
        """Let the lines of a part be seen."""
        numbers = tuple(number for number, _ in part.lines)
        self.lines.setdefault(candidate.path, set()).update(numbers)
        self.names |= part.names
        self.defined.update(candidate.defines)
        return Chosen(candidate, numbers)


def choose(
    query: ContextQuery,
    candidates: Sequence[Candidate],
    likelihoods: Mapping[str, float],
    budget_tokens: int,
    cost: LineCost,
) -> list[Chosen]:
    """Return what to show, the most valuable per token first."""
    comment = query.place.language.line_comment if query.place.language else ""
    board = _Board(likelihoods, cache(cost), cost(gap_line(comment)))
    candidates = _likeliest(candidates, likelihoods)
    parts = [_hidden_part(query, candidate, board) for candidate in candidates]
    heap = sorted((-board.density(it, parts[n])[0], n) for n, it in enumerate(candidates))
    chosen: list[Chosen] = []
    room = budget_tokens
    while heap and room > 0:
        _, number = heapq.heappop(heap)
        candidate = candidates[number]
        part = parts[number] = board.new(candidate, parts[number])
        density, tokens = board.density(candidate, part)
        if density <= 0 or tokens > room:
            continue
        if heap and density < -heap[0][0]:
            heapq.heappush(heap, (-density, number))
            continue
        chosen.append(board.show(candidate, part))
        room -= tokens
    return chosen


def gap_line(comment: str) -> str:
    """Return the line that stands where some are left out; `comment` begins a comment."""
    return f"{comment} {_GAP}".lstrip()


def _likeliest(
    candidates: Sequence[Candidate], likelihoods: Mapping[str, float]
) -> Sequence[Candidate]:
    """Return the candidates that hold most for their length, in their order."""
    if len(candidates) <= _MOST_WEIGHED:
        return candidates

    def density(number: int) -> float:
        text = candidates[number].text
        likely = math.fsum([likelihoods.get(name, 0.0) for name in names_of_lines(text)])
        return likely / (len(text) + _HEADER_CHARS)

    numbers = heapq.nlargest(_MOST_WEIGHED, range(len(candidates)), key=density)
    return [candidates[number] for number in sorted(numbers)]


def _n_runs(lines: Sequence[tuple[int, str]]) -> int:
    return 1 + sum([after[0] != before[0] + 1 for before, after in pairwise(lines)])


def _hidden_part(query: ContextQuery, candidate: Candidate, board: _Board) -> _Part:
    """Return the lines of a candidate that the window does not show, without blank ends."""
    numbered = list(enumerate(candidate.text.split("\n"), start=candidate.first_line))
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    while numbered and not numbered[0][1].strip():
        numbered.pop(0)
    if candidate.path == query.path and not candidate.is_remark:
        numbered = [line for line in numbered if not query.shows(candidate.path, line[0])]
    return board.part(numbered, names_of_lines(candidate.text)) if numbered else _NOTHING
