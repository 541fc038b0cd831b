"""Takes trailing white space off; no editor shows a trailing newline well."""

from cloister.features.completion.candidate import Candidate, FilterResult


def apply(candidate: Candidate) -> FilterResult:
    """Cut white space at the end, unless it stands before the rest of the line."""
    if candidate.line_after.strip() and "\n" not in candidate.text:
        return candidate
    return candidate.cut(len(candidate.text.rstrip()))
