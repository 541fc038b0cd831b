"""Code that is about the same things as the code around the cursor, in any file.

The index finds chunks of some 20 lines by their words (BM25). Within a chunk the lines count by
what they share with the cursor's surroundings, so that a few lines of each can be shown.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery
from cloister.workspace.index.records import ChunkHit

_MOST_CHUNKS = 40
_BLOCK_LINES = 2
# A line is judged with so many of its neighbours on each side.
_NEIGHBOURS = 2

# Chosen by recall on added lines of real commits; not fitted, and not independent of each other.
_BIAS = -8.5
_PER_RELATIVE_SCORE = 3.0
_PER_LOCAL_MATCH = 1.15
_LOCAL_SCALE = 10


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    index = workspace.index
    hits = index.similar(query.terms, _MOST_CHUNKS)
    if not hits:
        return
    best = hits[0].score
    for hit in hits:
        text = index.text_of(hit.path)
        if text is not None:
            lines = text.split("\n")[hit.first_line : hit.last_line + 1]
            matches = _local_matches(lines, query.worths)
            scores = [_probability(hit.score / best, match) for match in matches]
            yield from _blocks(hit, lines, scores)


def _local_matches(lines: Sequence[str], worths: Mapping[str, float]) -> list[float]:
    own = [sum(worths[name] for name in names_of_line(line) if name in worths) for line in lines]
    return [
        sum(own[max(0, line - _NEIGHBOURS) : line + _NEIGHBOURS + 1]) for line in range(len(own))
    ]


def _blocks(hit: ChunkHit, lines: Sequence[str], scores: Sequence[float]) -> Iterator[Candidate]:
    for start in range(0, len(lines), _BLOCK_LINES):
        block = lines[start : start + _BLOCK_LINES]
        first = hit.first_line + start
        yield Candidate(
            path=hit.path,
            first_line=first,
            last_line=first + len(block) - 1,
            text="\n".join(block),
            source=SOURCE.name,
            reason="similar code",
            score=max(scores[start : start + _BLOCK_LINES]),
        )


def _probability(relative_score: float, match: float) -> float:
    local = _PER_LOCAL_MATCH * math.log1p(match / _LOCAL_SCALE)
    return 1 / (1 + math.exp(-(_BIAS + _PER_RELATIVE_SCORE * relative_score + local)))


SOURCE = Source("similar", _find)
