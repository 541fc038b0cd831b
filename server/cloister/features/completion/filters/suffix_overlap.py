"""Takes off what the document already has after the cursor."""

from cloister.features.completion.candidate import Candidate, Dropped, FilterResult

_SHORTEST_LINE_CHARS = 3


def apply(candidate: Candidate) -> FilterResult:
    """Cut the text where it repeats the rest of the line or the next line of the document."""
    candidate = _cut_rest_of_line(candidate)
    candidate = _cut_next_line(candidate)
    if candidate.text.strip() and candidate.text.strip() == _next_line(candidate.after).strip():
        return Dropped("The text repeated the next line of the document.")
    return candidate


def _cut_rest_of_line(candidate: Candidate) -> Candidate:
    rest = candidate.line_after.rstrip()
    text = candidate.text.rstrip()
    for n_chars in range(min(len(rest), len(text)), 0, -1):
        if text.endswith(rest[:n_chars]):
            return candidate.cut(len(text) - n_chars)
    return candidate


def _cut_next_line(candidate: Candidate) -> Candidate:
    next_line = _next_line(candidate.after)
    if len(next_line.strip()) < _SHORTEST_LINE_CHARS:
        return candidate
    n_chars = 0
    for index, line in enumerate(candidate.text.split("\n")):
        if index > 0 and line.rstrip() == next_line.rstrip():
            return candidate.cut(n_chars - 1)
        n_chars += len(line) + 1
    return candidate


def _next_line(after: str) -> str:
    lines = after.split("\n")[1:]
    return next((line for line in lines if line.strip()), "")
