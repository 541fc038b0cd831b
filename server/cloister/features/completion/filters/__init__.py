"""What turns generated text into something worth showing: one filter per file, in this order.

A filter is a function `apply(candidate) -> Candidate | Dropped`. Order matters: text is first cut
to what was asked for, then to what the model was sure of, then judged.
"""

from collections.abc import Callable

from cloister.features.completion.candidate import Candidate, Dropped, FilterResult
from cloister.features.completion.filters import (
    blank,
    confidence,
    invisible,
    repetition,
    suffix_overlap,
    too_short,
)

PIPELINE: tuple[tuple[str, Callable[[Candidate], FilterResult]], ...] = (
    ("invisible", invisible.apply),
    ("confidence", confidence.apply),
    ("suffix_overlap", suffix_overlap.apply),
    ("repetition", repetition.apply),
    ("blank", blank.apply),
    ("too_short", too_short.apply),
)


def apply_filters(candidate: Candidate) -> Candidate | Dropped:
    """Return what is left to show, or the first reason not to show anything."""
    for _, apply in PIPELINE:
        result = apply(candidate)
        if isinstance(result, Dropped):
            return result
        candidate = result
    return candidate
