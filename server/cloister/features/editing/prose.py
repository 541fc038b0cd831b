"""What a model says, as Markdown in which nothing can be followed, fetched or hidden.

Outside of code everything that could begin a link, an image, HTML or code of another kind is
escaped, so that every renderer sees the same code as this module and nothing else but text. Code
is kept as it is, within fences of our own.
"""

import re
from collections.abc import Iterator

from cloister.core.invisible import shown
from cloister.features.editing.answer import readable

LINK = r"\b[A-Za-z][A-Za-z0-9+.-]{0,30}:/{1,3}[^\s`]+|\b(?:www\.|mailto:|command:)[^\s`]+"
"""What some program would follow."""

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([\w+#.-]{0,30})[ \t]*\Z")
_PIECE = re.compile(
    r"(?P<code>(?<!`)`[^`]+`(?!`))"
    rf"|(?P<place>{LINK})"
    r"|(?P<sign>[\\`\[\]<&]|~~~)"
)


def harmless_prose(answer: str) -> str:
    """Return what may be shown of an answer; raises RefusedAnswerError when there is nothing."""
    text = readable(answer).strip("\n")
    return "\n".join(_lines(shown(text).split("\n"))) + "\n"


def _lines(lines: list[str]) -> Iterator[str]:
    fence: str | None = None
    language, code = "", list[str]()
    for line in lines:
        if fence is None:
            opening = _FENCE.match(line)
            if opening is None:
                yield _PIECE.sub(_defused, line)
            else:
                fence, language, code = opening[1], opening[2], []
        elif _closes(line, fence):
            yield _fenced(code, language)
            fence = None
        else:
            code.append(line)
    if fence is not None:
        yield _fenced(code, language)


def _closes(line: str, fence: str) -> bool:
    text = line.strip()
    return len(text) >= len(fence) and not text.strip(fence[0])


def _fenced(code: list[str], language: str) -> str:
    longest = max((len(run) for line in code for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *code, fence))


def _defused(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "code":
            return found[0]
        case "place":
            return f"`{found[0]}`"
        case _:
            return f"\\{found[0]}"
