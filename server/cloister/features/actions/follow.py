"""Does what a comment asks for: a line `# cloister: use a dataclass` at the cursor or above it."""

import re
from collections.abc import Iterator

from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer

_WISH = re.compile(r"(?:#|//|--|/\*+|<!--|;)[ \t]*cloister:(.+)", re.IGNORECASE)
_CLOSERS = ("*/", "-->")
_MOST_TITLE_CHARS = 60
_MOST_WISH_CHARS = 2_000
_ANYTHING = Promise(signature=False, comments=False, definitions=False)


def _offers(place: Place) -> Iterator[Offer]:
    line = place.text.line_of(place.span.start)
    for number in (line, line - 1):
        if number >= 0 and (wish := _wish(place.text.line(number))):
            short = wish[:_MOST_TITLE_CHARS] + ("…" if len(wish) > _MOST_TITLE_CHARS else "")
            text = f"{wish}\n\nRemove the comment that asks for this."
            yield Offer(
                f"Do “{short}”", (Instruction(_lines(place, number), text, promise=_ANYTHING),)
            )
            return


def _wish(line: str) -> str:
    found = _WISH.match(line.strip()[:_MOST_WISH_CHARS])
    wish = found[1].strip() if found else ""
    for closer in _CLOSERS:
        wish = wish.removesuffix(closer).rstrip()
    return wish


def _lines(place: Place, number: int) -> Span:
    """Return the wish's line, and the definition around it or the one that follows."""
    start, end = place.text.line_start(number), place.text.line_end(number)
    around = Place(place.read, Span(start, end)).definition
    if around:
        return around.span
    following = (it.span for it in place.read.outline.definitions if it.span.start > end)
    nearest = min(following, key=lambda span: span.start, default=Span(end, end))
    is_next = not place.text.value[end : nearest.start].strip()
    return Span(start, nearest.end if is_next else end)


ACTION = Action("follow", "refactor.rewrite", _offers)
