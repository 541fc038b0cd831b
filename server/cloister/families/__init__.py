"""Prompt formats: one family per file, found by discovery.

A family file defines `FAMILY`. A model that no family matches gets no completions and a reason,
never a guess. Families are recognised by what the model file says of itself and by its vocabulary.

Every prompt has its segments in one of two orders, because the engine reuses what it has read:
head, prefix, suffix, cue, or head, suffix, prefix, cue. What no keystroke changes is the head; the
cue is what the model continues, and a format without one continues the prefix.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from cloister.core.context import CompletionContext, files_of
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt, Segment, SegmentKind, SegmentRole, healed, marker, plain


@dataclass(frozen=True, slots=True)
class Family:
    """A prompt format and the models that were trained on it.

    `markers` are the special tokens that its prompts may hold, all of which a model needs; `stops`
    are texts that begin something after the completion. A family that `heals` writes the word at
    the cursor anew, one with `hypotheses` finds the likeliest of several lines, and one that
    `mixes` repeats what the code around the cursor repeats. `languages` are the language ids that
    the models know; None means any.
    """

    name: str
    matches: Callable[[ModelDescription], bool]
    segments: Callable[[CompletionContext], Iterable[Segment]]
    markers: tuple[str, ...]
    stops: tuple[str, ...] = ()
    heals: bool = False
    hypotheses: int = 1
    mixes: bool = False
    languages: frozenset[str] | None = None

    def familiarity(self, language_id: str) -> float:
        """Return how far the models' own expectations count in a language (0 to 1)."""
        is_known = self.languages is None or language_id in self.languages
        return 1.0 if is_known else _FAMILIARITY_ELSEWHERE

    def render(self, context: CompletionContext, description: ModelDescription) -> Prompt:
        """Return the prompt; a text that holds a marker comes in pieces that hold none."""
        begin = (description.begin_token,) if description.begin_token else ()
        opening = tuple(marker(SegmentRole.HEAD, token) for token in begin)
        forbidden = _place_of_any((*self.markers, *begin))
        prompt = Prompt(
            (
                *opening,
                *(piece for whole in self.segments(context) for piece in _pieces(whole, forbidden)),
            )
        )
        return healed(prompt) if self.heals else prompt


# In a language that it does not know a model is sure of what is wrong.
_FAMILIARITY_ELSEWHERE = 0.3


class Infilling(NamedTuple):
    """The markers before the two texts around the cursor, and before the answer."""

    prefix: str
    suffix: str
    middle: str


@cache
def all_families() -> tuple[Family, ...]:
    """Return every family, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.FAMILY for module in modules)


def family_of(description: ModelDescription) -> Family | None:
    """Return the family whose format the model was trained on; None when it is unknown."""
    return next(
        (
            family
            for family in all_families()
            if family.matches(description) and all(map(description.has_token, family.markers))
        ),
        None,
    )


def why_no_family(description: ModelDescription) -> str:
    """Return why the model gets no completions, as a clause that can end a sentence."""
    has_markers = description.fim_markers.keys() >= {"prefix", "suffix", "middle"}
    if has_markers and description.chat_template:
        return "it is a chat model that was not trained with the infilling markers it has"
    if has_markers:
        return "it has infilling markers, but its prompt format is not known"
    if description.chat_template:
        return "it is a chat model without infilling"
    return "it was not trained for infilling"


def prefix_first(
    infilling: Infilling, context: CompletionContext, preamble: str = ""
) -> Iterator[Segment]:
    """Yield the window with the text before the cursor first; `preamble` stands before that."""
    yield marker(SegmentRole.HEAD, infilling.prefix)
    if preamble:
        yield plain(SegmentRole.HEAD, preamble)
    yield plain(SegmentRole.PREFIX, context.prefix)
    yield marker(SegmentRole.SUFFIX, infilling.suffix)
    yield plain(SegmentRole.SUFFIX, context.suffix)
    yield marker(SegmentRole.CUE, infilling.middle)


def suffix_first(
    infilling: Infilling, context: CompletionContext, preamble: str = ""
) -> Iterator[Segment]:
    """Yield the window with the text after the cursor first, so that typing only appends."""
    yield marker(SegmentRole.SUFFIX, infilling.suffix)
    yield plain(SegmentRole.SUFFIX, context.suffix)
    yield marker(SegmentRole.PREFIX, infilling.prefix)
    yield plain(SegmentRole.PREFIX, preamble + context.prefix)
    yield marker(SegmentRole.CUE, infilling.middle)


def marked_files(file_marker: str, context: CompletionContext) -> Iterator[Segment]:
    """Yield the head in which a marker, a path and a line end stand before each file's text.

    The current file comes last and without text, for the window to follow.
    """
    for path, text in files_of(context.snippets):
        yield marker(SegmentRole.HEAD, file_marker)
        yield plain(SegmentRole.HEAD, f"{path}\n{text}")
    yield marker(SegmentRole.HEAD, file_marker)
    yield plain(SegmentRole.HEAD, f"{context.path}\n")


def titled_files(title: str, context: CompletionContext) -> str:
    """Return the other files and the path of the current one, each path behind `title`.

    For formats that know no marker for files. Empty when there are no other files.
    """
    if not context.snippets:
        return ""
    files = [f"{title}{path}\n{text.rstrip()}" for path, text in files_of(context.snippets)]
    return "\n\n".join([*files, f"{title}{context.path}\n"])


def _place_of_any(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for the first character of any of the texts, wherever it begins."""
    return re.compile(f"(?={'|'.join(map(re.escape, texts))}).")


def _pieces(segment: Segment, forbidden: re.Pattern[str]) -> Iterator[Segment]:
    """Yield the segment in pieces that hold none of the forbidden texts, unless it is a marker.

    llama.cpp finds tokens that a file calls user-defined in plain text as well. The pieces spell
    what the text spells, but no piece spells a marker.
    """
    if segment.kind is SegmentKind.MARKER:
        yield segment
        return
    start = 0
    for match in forbidden.finditer(segment.text):
        yield plain(segment.role, segment.text[start : match.end()])
        start = match.end()
    yield plain(segment.role, segment.text[start:])
