"""A prompt as an ordered list of segments, still text: the engine owns the tokenizer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cloister.core.chat import Message

_HALF_TYPED = re.compile(r"\w+\Z")
_MOST_OPENING_CHARS = 64


class SegmentKind(StrEnum):
    """How the engine turns a segment into tokens."""

    TEXT = "text"
    MARKER = "marker"
    TEMPLATE = "template"


class SegmentRole(StrEnum):
    """What the segment is for; the KV planner treats each role differently."""

    HEAD = "head"
    SUFFIX = "suffix"
    PREFIX = "prefix"
    CUE = "cue"


@dataclass(frozen=True, slots=True)
class Segment:
    """Text to tokenize without special tokens, or one marker that must be exactly one token.

    The text of a template comes from the model file itself: markers in it are meant.
    """

    kind: SegmentKind
    role: SegmentRole
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Segments in the order in which the model reads them; generation continues after the last.

    What is generated begins with `opening`, which the segments leave out and the answer as well:
    the word at the cursor, which the model writes again in tokens of its own.
    """

    segments: tuple[Segment, ...]
    opening: str = ""

    @property
    def prefix(self) -> str:
        """The text before what is generated."""
        return self.text_of(SegmentRole.PREFIX)

    def text_of(self, role: SegmentRole) -> str:
        """Return the text of all segments of one role, without markers."""
        texts = (it.text for it in self.segments if it.kind is SegmentKind.TEXT and it.role is role)
        return "".join(texts)


def marker(role: SegmentRole, text: str) -> Segment:
    """Return a marker segment, for example `<|fim_prefix|>`."""
    return Segment(SegmentKind.MARKER, role, text)


def plain(role: SegmentRole, text: str) -> Segment:
    """Return a text segment; text that looks like a marker stays ordinary text."""
    return Segment(SegmentKind.TEXT, role, text)


def chat_prompt(messages: Sequence[Message], pieces: Sequence[str]) -> Prompt:
    """Return a conversation as a prompt; `pieces` stand around the messages, one more of them."""
    segments = [_template(SegmentRole.HEAD, pieces[0])]
    for message, after in zip(messages, pieces[1:], strict=True):
        segments += (plain(SegmentRole.PREFIX, message.text), _template(SegmentRole.PREFIX, after))
    return Prompt(tuple(segment for segment in segments if segment.text))


def healed(prompt: Prompt) -> Prompt:
    """Return the prompt without the word at its end, which becomes its `opening`.

    So the model reads whole words only: one that is half typed is made of other tokens than when it
    is finished.
    """
    last = next(filter(_is_prefix_text, reversed(prompt.segments)), None)
    match = last and _HALF_TYPED.search(last.text[-_MOST_OPENING_CHARS:])
    if not last or not match:
        return prompt
    kept = replace(last, text=last.text[: -len(match.group())])
    segments = tuple(kept if segment is last else segment for segment in prompt.segments)
    return Prompt(segments, match.group())


def _template(role: SegmentRole, text: str) -> Segment:
    return Segment(SegmentKind.TEMPLATE, role, text)


def _is_prefix_text(segment: Segment) -> bool:
    return segment.role is SegmentRole.PREFIX and segment.kind is SegmentKind.TEXT
