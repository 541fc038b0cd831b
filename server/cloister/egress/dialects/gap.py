"""Has a chat model fill the gap at a cursor, and takes from what it says only what belongs there.

The model is asked to answer between two tags. Code in a fence instead, or in a fence between the
tags, is understood; anything else is talk, of which nothing is taken. Whether a line end or an
indentation belongs to the gap is only known at the end, so an answer is taken as a whole.
"""

import re

from cloister.core.chat import Message, Role
from cloister.egress.dialects import Chat, Infill

_OPEN, _CLOSE, _GAP = "<fill>", "</fill>", "<gap/>"
_FENCED = re.compile(r"\s*```[^\n`]*\n(.*?)(?:\n?```.*|\Z)", re.DOTALL)
_TAG_TOKENS = 16
_LEAST_REPEATED_CHARS = 3

_TASK = (
    f"You complete source code. The user shows a file with one gap, written {_GAP}. Write the text "
    f"that belongs exactly in the gap, between {_OPEN} and {_CLOSE}. Keep indentation and line "
    "breaks as the file needs them. Do not repeat what stands before or after the gap, do not "
    "explain, and do not use Markdown. Write nothing between the tags when nothing is missing."
)


def ask_for_gap(infill: Infill) -> Chat:
    """Return the question to a chat model for what `infill` asks for."""
    others = "".join(f"File {path}:\n{text.rstrip()}\n\n" for path, text in infill.files)
    file = f"{infill.prefix}{_GAP}{infill.suffix}"
    messages = (Message(Role.SYSTEM, _TASK), Message(Role.USER, f"{others}The file:\n{file}"))
    return Chat(messages, infill.max_tokens + _TAG_TOKENS)


def is_filled(answer: str) -> bool:
    """Return whether nothing that follows can belong to the gap."""
    return _CLOSE in answer


def text_for_gap(infill: Infill, answer: str) -> str:
    """Return what of an answer belongs in the gap; empty when it is talk, or nothing is missing."""
    _, tag, rest = answer.partition(_OPEN)
    inside, end, _ = rest.partition(_CLOSE)
    fenced = _FENCED.match(inside if tag else answer)
    if fenced:
        text = fenced[1]
    elif tag:
        text = inside if end else _without_half_a_tag(inside)
    else:
        return ""
    return _without_line_end(infill, _without_repetition(infill, text))


def _without_half_a_tag(text: str) -> str:
    sizes = (size for size in range(len(_CLOSE) - 1, 0, -1) if text.endswith(_CLOSE[:size]))
    return text[: len(text) - next(sizes, 0)]


def _without_repetition(infill: Infill, text: str) -> str:
    """Take off what the answer repeats of the line before the gap."""
    line = infill.prefix[infill.prefix.rfind("\n") + 1 :]
    if not line.strip():
        # In an empty line a model begins its answer on a line of its own.
        return text.removeprefix("\n").removeprefix(line)
    if len(line.strip()) < _LEAST_REPEATED_CHARS:
        return text
    repeated = (whole for whole in (line, line.lstrip()) if text.startswith(whole))
    return text.removeprefix(next(repeated, ""))


def _without_line_end(infill: Infill, text: str) -> str:
    """Take off a last line end where the file has one of its own."""
    return text.removesuffix("\n") if infill.suffix[:1] in {"", "\n", "\r"} else text
