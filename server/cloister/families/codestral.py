r"""Codestral 22B: suffix first; the model simply continues the prefix.

Format: `[SUFFIX]` suffix `[PREFIX]` files prefix, each file as `+++++ path \n text`. The space is
the one with which the training code's tokenizer begins a text. Other models of Mistral's have the
markers in their vocabulary and were not trained with them, so the name has to say which model it
is.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, titled_files

_SUFFIX, _PREFIX = "[SUFFIX]", "[PREFIX]"
_PATH = "+++++ "


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "llama" and "codestral" in description.name.lower()


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield marker(SegmentRole.SUFFIX, _SUFFIX)
    yield plain(SegmentRole.SUFFIX, context.suffix)
    yield marker(SegmentRole.PREFIX, _PREFIX)
    yield plain(SegmentRole.PREFIX, f" {titled_files(_PATH, context)}{context.prefix}")


FAMILY = Family(
    name="codestral",
    matches=_matches,
    segments=_segments,
    markers=(_SUFFIX, _PREFIX),
    stops=(_PATH,),
)
