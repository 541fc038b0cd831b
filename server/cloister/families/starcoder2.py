r"""StarCoder2: prefix first, in the repository format of its paper.

Format: `<repo_name>` name, for each file `<file_sep>` path `\n` text; the current file's path
stands behind its `<fim_prefix>`, as part of what comes before the cursor.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext, files_of
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, Infilling, prefix_first

_INFILLING = Infilling("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_REPOSITORY, _FILE = "<repo_name>", "<file_sep>"


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "starcoder2"


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield marker(SegmentRole.HEAD, _REPOSITORY)
    # Which repository it is makes no difference; that there is one does.
    yield plain(SegmentRole.HEAD, "repository")
    for path, text in files_of(context.snippets):
        yield marker(SegmentRole.HEAD, _FILE)
        yield plain(SegmentRole.HEAD, f"{path}\n{text}")
    yield marker(SegmentRole.HEAD, _FILE)
    yield from prefix_first(_INFILLING, context, preamble=f"{context.path}\n")


FAMILY = Family(
    name="starcoder2",
    matches=_matches,
    segments=_segments,
    markers=(*_INFILLING, _REPOSITORY, _FILE),
)
