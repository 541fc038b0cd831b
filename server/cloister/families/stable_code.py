"""Stable Code 3B: prefix first, without any format for several files."""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, prefix_first, titled_files

_INFILLING = Infilling("<fim_prefix>", "<fim_suffix>", "<fim_middle>")


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "stablelm"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    return prefix_first(_INFILLING, context, preamble=titled_files("# Path: ", context))


FAMILY = Family(
    name="stable-code",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
