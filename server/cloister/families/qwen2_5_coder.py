r"""Qwen2.5-Coder, base and instruct: prefix first, in the repository format of its report.

Format: `<|repo_name|>` name `\n`, for each file `<|file_sep|>` path `\n` text, for the current one
the window instead of its text. The vocabulary is the same as that of Qwen's chat models, which were
not trained to infill.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, Infilling, marked_files, prefix_first

_INFILLING = Infilling("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_REPOSITORY, _FILE = "<|repo_name|>", "<|file_sep|>"


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "qwen2" and "coder" in description.name.lower()


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield marker(SegmentRole.HEAD, _REPOSITORY)
    # Which repository it is makes no difference; that there is one does.
    yield plain(SegmentRole.HEAD, "repository\n")
    yield from marked_files(_FILE, context)
    yield from prefix_first(_INFILLING, context)


FAMILY = Family(
    name="qwen2.5-coder",
    matches=_matches,
    segments=_segments,
    markers=(*_INFILLING, _REPOSITORY, _FILE),
)
