"""DeepSeek-Coder, the first generation: prefix first, files joined under their paths.

A repository was one text in training, each file after a line with `#` and its path, and the hole
was made in that text: so the other files stand behind the first marker. The marker for the hole is
the one before the suffix.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, prefix_first, titled_files

_INFILLING = Infilling("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>")


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "llama"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    return prefix_first(_INFILLING, context, preamble=titled_files("#", context))


FAMILY = Family(
    name="deepseek-coder",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
