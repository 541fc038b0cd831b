"""CodeGemma: prefix first, files parted by a marker.

Plain Gemma files name the same token numbers as infilling markers, where they are unused ones: only
the texts tell the two apart.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext, files_of
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, Infilling, prefix_first

_INFILLING = Infilling("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_FILE = "<|file_separator|>"


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "gemma"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    for path, text in files_of(context.snippets):
        yield plain(SegmentRole.HEAD, f"{path}\n{text}")
        yield marker(SegmentRole.HEAD, _FILE)
    if context.snippets:
        yield plain(SegmentRole.HEAD, f"{context.path}\n")
    yield from prefix_first(_INFILLING, context)


FAMILY = Family(
    name="codegemma",
    matches=_matches,
    segments=_segments,
    markers=(*_INFILLING, _FILE),
)
