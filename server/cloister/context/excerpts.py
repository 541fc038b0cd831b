"""Candidates that show lines of a file as they are."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from cloister.context.candidate import Candidate

BLOCK_LINES = 4
"""The lines of a block: the fewest that are shown alone."""

_MOST_LINES = 60


@lru_cache(maxsize=128)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a file's text, without their ends; one search asks several times."""
    return tuple(text.split("\n"))


def excerpts(
    lines: Sequence[str], path: str, span: range, source: str, reason: str, score: float
) -> Iterator[Candidate]:
    """Yield the lines of a file in small blocks, so that the best of them can be shown alone."""
    last = min(span.stop, len(lines), span.start + _MOST_LINES)
    for start in range(max(0, span.start), last, BLOCK_LINES):
        block = lines[start : min(start + BLOCK_LINES, last)]
        yield Candidate(
            path=path,
            first_line=start,
            last_line=start + len(block) - 1,
            text="\n".join(block),
            source=source,
            reason=reason,
            score=score,
        )
