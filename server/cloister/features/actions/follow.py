"""Does what a comment asks for: a line `# cloister: use a dataclass` at the cursor or above it.

A model that only fills gaps can write what follows the comment, where no definition does.
"""

import re
from collections.abc import Iterator

from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer

_WISH = re.compile(r"(?:#|//|--|/\*+|<!--|;)[ \t]*cloister:(.+)", re.IGNORECASE)
_MARK = re.compile(r"cloister:[ \t]*", re.IGNORECASE)
_CLOSERS = ("*/", "-->")
_MOST_TITLE_CHARS = 60
_MOST_WISH_CHARS = 2_000
_MOST_TOKENS = 128
_ANYTHING = Promise(signature=False, comments=False, definitions=False)


def _offers(place: Place) -> Iterator[Offer]:
    line = place.text.line_of(place.span.start)
    for number in (line, line - 1):
        if number >= 0 and (wish := _wish(place.text.line(number))):
            short = wish[:_MOST_TITLE_CHARS] + ("…" if len(wish) > _MOST_TITLE_CHARS else "")
            text = f"{wish}\n\nRemove the comment that asks for this."
            span = _lines(place, number)
            instruction = Instruction(span, text, promise=_ANYTHING)
            yield Offer(f"Do “{short}”", (instruction, *_holes(place, number, span)))
            return


def _wish(line: str) -> str:
    found = _WISH.match(line.strip()[:_MOST_WISH_CHARS])
    wish = found[1].strip() if found else ""
    for closer in _CLOSERS:
        wish = wish.removesuffix(closer).rstrip()
    return wish


def _lines(place: Place, number: int) -> Span:
    """Return the wish's line with the function around it, else the definition that follows it.

    Else the class around it, or the line alone.
    """
    start, end = place.text.line_start(number), place.text.line_end(number)
    wish = Place(place.read, Span(start, end))
    if wish.function:
        return wish.function.span
    following = (it.span for it in place.read.outline.definitions if it.span.start > end)
    nearest = min(following, key=lambda span: span.start, default=Span(end, end))
    if nearest.end > end and not place.text.value[end : nearest.start].strip():
        return Span(start, nearest.end)
    return wish.definition.span if wish.definition else Span(start, end)


def _holes(place: Place, number: int, about: Span) -> Iterator[Hole]:
    """Yield the hole below a wish, which becomes an ordinary comment there."""
    start, end = place.text.line_start(number), place.text.line_end(number)
    if about.start == start and about.end > end:
        return
    line = place.text.line(number)
    indentation = place.indentation_at(start)
    yield Hole(
        Span(start, end),
        f"{_MARK.sub('', line)}\n{indentation}",
        stop=("\n\n",),
        indentation=indentation,
        most_tokens=_MOST_TOKENS,
        promise=_ANYTHING,
    )


ACTION = Action("follow", "refactor.rewrite", _offers)
