"""Code Llama, 7B and 13B: prefix first, without any format for several files.

Format: `<PRE> PREFIX <SUF>SUFFIX <MID>`. The markers are tokens that begin with a space of their
own; the prefix has one before it because the training code tokenized it like the beginning of a
text. The sizes that were not trained for infilling have no such tokens.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, Infilling, titled_files

_INFILLING = Infilling("▁<PRE>", "▁<SUF>", "▁<MID>")


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "llama"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield marker(SegmentRole.HEAD, _INFILLING.prefix)
    yield plain(SegmentRole.PREFIX, f" {titled_files('# Path: ', context)}{context.prefix}")
    yield marker(SegmentRole.SUFFIX, _INFILLING.suffix)
    yield plain(SegmentRole.SUFFIX, context.suffix)
    yield marker(SegmentRole.CUE, _INFILLING.middle)


FAMILY = Family(
    name="codellama",
    matches=_matches,
    segments=_segments,
    markers=_INFILLING,
)
