r"""The models we train: suffix-prefix-middle, so that typing only appends to what is cached.

Format (see the model card): `<file> path \n <suffix> SUFFIX <prefix> PREFIX <middle>`; nothing
stands between a marker and its text.
"""

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt, SegmentRole, marker, plain
from cloister.families import Family

_NEEDED = ("prefix", "suffix", "middle", "file")


def _matches(description: ModelDescription) -> bool:
    return description.name.startswith("cloister-") and all(
        role in description.fim_markers for role in _NEEDED
    )


def _render(context: CompletionContext, description: ModelDescription) -> Prompt:
    markers = description.fim_markers
    files = [(snippet.path, snippet.text) for snippet in context.snippets]
    head = []
    for path, text in [*files, (context.path, "")]:
        head.append(marker(SegmentRole.HEAD, markers["file"]))
        head.append(plain(SegmentRole.HEAD, f"{path}\n{text}"))
    return Prompt(
        (
            *head,
            marker(SegmentRole.SUFFIX, markers["suffix"]),
            plain(SegmentRole.SUFFIX, context.suffix),
            marker(SegmentRole.PREFIX, markers["prefix"]),
            plain(SegmentRole.PREFIX, context.prefix),
            marker(SegmentRole.CUE, markers["middle"]),
        )
    )


FAMILY = Family(
    name="cloister",
    matches=_matches,
    render=_render,
    languages=frozenset({"python"}),
)
