"""Lays a prompt out so that typing only appends to it; pure.

Where a family puts the text after the cursor behind the text before it (prefix-suffix-middle),
every typed character would stand before the suffix and make the model read it again. But what the
user types is the beginning of the middle: the prompt is split at the start of a line, the text up
to there is the prefix, and the text from there to the cursor follows the last marker, as if the
model had written it. The probability of what comes next is one the model was trained to give, every
keystroke costs one evaluation, and nothing is approximate. Families that put the suffix first need
no split.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloister.core.prompt import Prompt, Segment, SegmentKind, SegmentRole, plain

_MOST_TYPED_CHARS = 600
"""How much may follow the last marker before the prompt is split anew."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The three parts of a prompt as `kv.Wanted` has them; `split` is the prefix before it."""

    lead: tuple[Segment, ...]
    tail: tuple[Segment, ...]
    rest: tuple[Segment, ...]
    split: str | None


def layouts(prompt: Prompt, earlier_splits: Iterable[str]) -> Iterator[Layout]:
    """Yield the ways to lay out `prompt`: split at the cursor's line, or where it was split before.

    A prompt with the suffix first, or without one, has only one.
    """
    position = _split_position(prompt.segments)
    if position is None:
        yield Layout(prompt.segments, (), (), None)
        return
    prefix = prompt.segments[position].text
    line_start = prefix[: prefix.rfind("\n") + 1]
    yield _split_layout(prompt.segments, position, line_start)
    for split in dict.fromkeys(earlier_splits):
        is_near = len(prefix) - len(split) <= _MOST_TYPED_CHARS
        if split != line_start and is_near and prefix.startswith(split):
            yield _split_layout(prompt.segments, position, split)


def outgrows(layout: Layout, split: str | None) -> bool:
    """Return whether a prompt split at `split` will soon have to be split as `layout` is."""
    if layout.split is None or split is None:
        return False
    return len(layout.split) - len(split) > _MOST_TYPED_CHARS // 2


def _split_position(segments: tuple[Segment, ...]) -> int | None:
    """Return which segment is the prefix's text when the suffix follows it."""
    roles = [segment.role for segment in segments]
    if SegmentRole.SUFFIX not in roles or SegmentRole.CUE not in roles:
        return None
    position = roles.index(SegmentRole.SUFFIX) - 1
    is_text = position >= 0 and segments[position].kind is SegmentKind.TEXT
    return position if is_text and roles[position] is SegmentRole.PREFIX else None


def _split_layout(segments: tuple[Segment, ...], position: int, split: str) -> Layout:
    after = segments[position + 1 :]
    tail = tuple(segment for segment in after if segment.role is SegmentRole.SUFFIX)
    cue = tuple(segment for segment in after if segment.role is not SegmentRole.SUFFIX)
    typed = segments[position].text[len(split) :]
    return Layout(
        lead=(*segments[:position], plain(SegmentRole.PREFIX, split)),
        tail=tail,
        rest=(*cue, plain(SegmentRole.PREFIX, typed)),
        split=split,
    )
