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
        kept, cut = text[: len(text) - n_chars], rest[:n_chars]
        if text.endswith(cut) and not _closes(kept, cut):
            return candidate.cut(len(kept))
    return candidate


def _closes(kept: str, cut: str) -> bool:
    """Return whether `cut` closes a bracket or a quote that `kept` opens."""
    return any(
        closer in cut and kept.count(opener) > kept.count(closer)
        for opener, closer in ("()", "[]", "{}")
    ) or any(quote in cut and kept.count(quote) % 2 for quote in "\"'")


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
