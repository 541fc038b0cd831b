"""A prompt as an ordered list of segments, still text: the engine owns the tokenizer."""

from dataclasses import dataclass
from enum import StrEnum


class SegmentKind(StrEnum):
    """How the engine turns a segment into tokens."""

    TEXT = "text"
    MARKER = "marker"


class SegmentRole(StrEnum):
    """What the segment is for; the KV planner treats each role differently."""

    HEAD = "head"
    SUFFIX = "suffix"
    PREFIX = "prefix"
    CUE = "cue"


@dataclass(frozen=True, slots=True)
class Segment:
    """Text to tokenize without special tokens, or one marker that must be exactly one token."""

    kind: SegmentKind
    role: SegmentRole
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Segments in the order in which the model reads them; generation continues after the last."""

    segments: tuple[Segment, ...]


def marker(role: SegmentRole, text: str) -> Segment:
    """Return a marker segment, for example `<|fim_prefix|>`."""
    return Segment(SegmentKind.MARKER, role, text)


def plain(role: SegmentRole, text: str) -> Segment:
    """Return a text segment; text that looks like a marker stays ordinary text."""
    return Segment(SegmentKind.TEXT, role, text)
