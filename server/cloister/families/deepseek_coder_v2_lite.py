"""DeepSeek-Coder-V2 and its Lite: as the first generation, with another architecture.

The chat models of the same architecture have the same vocabulary, so the name has to say `coder`.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, prefix_first, titled_files

_INFILLING = Infilling("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>")


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "deepseek2" and "coder" in description.name.lower()


def _segments(context: CompletionContext) -> Iterator[Segment]:
    return prefix_first(_INFILLING, context, preamble=titled_files("#", context))


FAMILY = Family(
    name="deepseek-coder-v2-lite",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
