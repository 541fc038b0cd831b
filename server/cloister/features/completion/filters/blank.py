"""Takes trailing white space off; no editor shows a trailing newline well."""

from cloister.features.completion.candidate import Candidate, FilterResult


def apply(candidate: Candidate) -> FilterResult:
    """Cut white space at the end; an empty text means that the model had nothing to add."""
    return candidate.cut(len(candidate.text.rstrip()))
