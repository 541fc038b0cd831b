"""Refuses characters that change what a person sees: escapes, bidirectional marks, tags."""

import unicodedata

from cloister.features.completion.candidate import Candidate, Dropped, FilterResult

_ALLOWED_CONTROLS = frozenset("\n\t")


def apply(candidate: Candidate) -> FilterResult:
    """Drop text with control, format, surrogate or private-use characters."""
    if any(_is_invisible(char) for char in candidate.text):
        return Dropped("The text held invisible or control characters.")
    return candidate


def _is_invisible(char: str) -> bool:
    return char not in _ALLOWED_CONTROLS and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")
