"""Granite Code, and StarCoder 1 whose tokens it took over: prefix first.

The larger Granite Code models have StarCoder's architecture, the smaller ones Llama's. Later
Granite models are chat models with the same vocabulary.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, prefix_first, titled_files

_INFILLING = Infilling("<fim_prefix>", "<fim_suffix>", "<fim_middle>")


def _matches(description: ModelDescription) -> bool:
    is_granite_code = "granite" in description.name.lower() and "code" in description.name.lower()
    return description.architecture == "starcoder" or is_granite_code


def _segments(context: CompletionContext) -> Iterator[Segment]:
    return prefix_first(_INFILLING, context, preamble=titled_files("# Path: ", context))


FAMILY = Family(
    name="granite-code",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
