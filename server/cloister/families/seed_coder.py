"""Seed-Coder 8B: suffix first, made from single files in training."""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, suffix_first, titled_files

_INFILLING = Infilling("<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>")


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "llama"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    return suffix_first(_INFILLING, context, preamble=titled_files("# Path: ", context))


FAMILY = Family(
    name="seed-coder",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
