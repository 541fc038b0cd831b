"""Candidates that show lines of a file as they are."""

from collections.abc import Iterator, Sequence

from cloister.context.candidate import Candidate

_BLOCK_LINES = 2
_MOST_LINES = 60


def excerpts(
    lines: Sequence[str], path: str, span: range, source: str, reason: str, score: float
) -> Iterator[Candidate]:
    """Yield the lines of a file in small blocks, so that the best of them can be shown alone."""
    last = min(span.stop, len(lines), span.start + _MOST_LINES)
    for start in range(max(0, span.start), last, _BLOCK_LINES):
        block = lines[start : min(start + _BLOCK_LINES, last)]
        yield Candidate(
            path=path,
            first_line=start,
            last_line=start + len(block) - 1,
            text="\n".join(block),
            source=source,
            reason=reason,
            score=score,
        )
