r"""The models we train: suffix-prefix-middle, so that typing only appends to what is cached.

Format (see the model card): `<file> path \n <suffix> SUFFIX <prefix> PREFIX <middle>`; nothing
stands between a marker and its text.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment
from cloister.families import Family, Infilling, marked_files, suffix_first

_INFILLING = Infilling("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_FILE = "<|file_sep|>"


def _matches(description: ModelDescription) -> bool:
    return description.name.startswith("cloister-")


def _segments(context: CompletionContext) -> Iterator[Segment]:
    yield from marked_files(_FILE, context)
    yield from suffix_first(_INFILLING, context)


FAMILY = Family(
    name="cloister",
    matches=_matches,
    segments=_segments,
    markers=(*_INFILLING, _FILE),
    heals=True,
    hypotheses=3,
    mixes=True,
    languages=frozenset({"python"}),
)
