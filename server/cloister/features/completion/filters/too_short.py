"""Keeps single letters away: a flickering `e` after every key helps nobody."""

from cloister.features.completion.candidate import Candidate, Dropped, FilterResult


def apply(candidate: Candidate) -> FilterResult:
    """Drop a lone letter, digit or underscore; a closing bracket or colon may stand alone."""
    text = candidate.text.strip()
    if len(text) == 1 and (text.isalnum() or text == "_"):
        return Dropped("The text was a single letter.")
    return candidate
