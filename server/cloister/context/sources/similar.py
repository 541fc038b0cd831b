"""Code that is about the same things as the code around the cursor, in any file.

The index finds chunks of some 20 lines by their words (BM25). Within a chunk the lines count by
what they share with the cursor's surroundings, so that a few lines of each can be shown. A line
that has everything that is written of the cursor's line already is likely to go on as it will.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import BLOCK_LINES, lines_of
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery
from cloister.workspace.index.read import Index
from cloister.workspace.index.records import ChunkHit

_MOST_CHUNKS = 40
# A line is judged with so many of its neighbours on each side.
_NEIGHBOURS = 2
_LOCAL_SCALE = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a line: its chunk's score as a share of the best, and its own.

    `local_match` is the logarithm of what it and its neighbours share with the cursor's
    surroundings; `has_typed` says that it has all names of the cursor's line before the cursor.
    """

    relative_score: float
    local_match: float
    has_typed: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, in log-odds."""

    bias: float
    relative_score: float
    local_match: float
    has_typed: float


# Fitted to lines that commits of the tuning repositories added: `dev.py bench context --fit`.
WEIGHTS = Weights(bias=-7.5, relative_score=6.5, local_match=1.3, has_typed=4.15)


@dataclass(frozen=True, slots=True)
class SimilarChunk:
    """Lines that the index finds similar, with what speaks for each of them."""

    hit: ChunkHit
    lines: Sequence[str]
    evidence: Sequence[Evidence]


def similar_chunks(query: ContextQuery, index: Index) -> Iterator[SimilarChunk]:
    """Yield the chunks that have most of the words around the cursor, the best first."""
    hits = index.similar(query.terms, _MOST_CHUNKS)
    texts = {path: index.text_of(path) for path in {hit.path for hit in hits}}
    for hit in hits:
        if text := texts[hit.path]:
            lines = lines_of(text)[hit.first_line : hit.last_line + 1]
            yield SimilarChunk(hit, lines, _evidence(lines, query, hit.score / hits[0].score))


def probability(evidence: Evidence, weights: Weights = WEIGHTS) -> float:
    """Return the probability that a name of the line is wanted."""
    odds = (
        weights.bias
        + weights.relative_score * evidence.relative_score
        + weights.local_match * evidence.local_match
        + weights.has_typed * evidence.has_typed
    )
    return 1 / (1 + math.exp(-odds))


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    for chunk in similar_chunks(query, workspace.index):
        scores = [probability(each) for each in chunk.evidence]
        for start in range(0, len(chunk.lines), BLOCK_LINES):
            block = chunk.lines[start : start + BLOCK_LINES]
            first = chunk.hit.first_line + start
            yield Candidate(
                path=chunk.hit.path,
                first_line=first,
                last_line=first + len(block) - 1,
                text="\n".join(block),
                source=SOURCE.name,
                reason="similar code",
                score=max(scores[start : start + BLOCK_LINES]),
            )


def _evidence(lines: Sequence[str], query: ContextQuery, relative_score: float) -> list[Evidence]:
    names = [names_of_line(line) for line in lines]
    worths, typed = query.worths, query.typed
    own = [math.fsum([worths.get(name, 0.0) for name in each]) for each in names]
    matches = (
        sum(own[max(0, line - _NEIGHBOURS) : line + _NEIGHBOURS + 1]) for line in range(len(own))
    )
    return [
        Evidence(relative_score, math.log1p(match / _LOCAL_SCALE), bool(typed) and typed <= each)
        for match, each in zip(matches, names, strict=True)
    ]


SOURCE = Source("similar", _find)
