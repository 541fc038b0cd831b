"""Refuses characters that change what a person sees: escapes, bidirectional marks, tags."""

from cloister.core.invisible import has_invisible
from cloister.features.completion.candidate import Candidate, Dropped, FilterResult


def apply(candidate: Candidate) -> FilterResult:
    """Drop text with characters that nobody sees, and line ends other than line feeds."""
    if has_invisible(candidate.text):
        return Dropped("The text held invisible or control characters.")
    return candidate
