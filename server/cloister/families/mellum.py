r"""Mellum 4B: suffix first, each file behind a marker and its path.

Format: for each file `<filename>` path `\n` text, for the current one the window instead of its
text.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, marked_files, suffix_first

_INFILLING = Infilling("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_FILE = "<filename>"


def _matches(description: ModelDescription) -> bool:
    is_mellum = description.tokenizer == "mellum" or "mellum" in description.name.lower()
    return description.architecture == "llama" and is_mellum


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield from marked_files(_FILE, context)
    yield from suffix_first(_INFILLING, context)


FAMILY = Family(
    name="mellum",
    matches=_matches,
    segments=_segments,
    markers=(*_INFILLING, _FILE),
)
