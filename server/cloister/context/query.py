"""The question that context sources answer: what stands around the cursor.

Pure. It is asked once for a place, so parsing the document is affordable; a document that is too
large to parse quickly is known by its words only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cloister.context.names import names_of_line
from cloister.core.outline import Binding, Definition, FileOutline, Reference
from cloister.core.text import Span, Text
from cloister.syntax.bindings import bindings_at
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.references import references_in
from cloister.syntax.reserved import reserved_words
from cloister.syntax.tree import parse
from cloister.workspace.index.words import terms_of

_MOST_PARSED_CHARS = 300_000
_MOST_PARSE_MS = 20
_NEAR_CHARS = 1200
_MOST_TYPED_CHARS = 400
_NAME_AT_END = re.compile(r"\w+\Z")

LINES_BEFORE = 24
LINES_AFTER = 8
# A line so far away counts half as much; what follows counts less than what was just written.
_HALF_LINES = 6
_WORTH_AFTER = 0.7


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: `path` from the workspace's root, and the window that is shown."""

    path: str
    text: Text
    offset: int
    window: Span
    language: Language | None


@dataclass(frozen=True, slots=True, repr=False)
class ContextQuery:
    """What is known of the place.

    `nearness` says how near the names around the cursor are (0 to 1), the nearest last, and `terms`
    the same of the words they are made of. `visible` are the names in the window, which nobody
    needs to be told, `shown_lines` its lines, and `reserved` the names of the language.
    `typed` are the names in the cursor's line before it, without one that is being typed.
    `references` are those near the cursor but not in its line, the nearest first; `enclosing` are
    the definitions around it, the innermost last. `worths` says of the terms what it means that
    another text has them too: near and rare ones say most. It is known once an index was asked.
    """

    place: Place
    nearness: Mapping[str, float]
    terms: Mapping[str, float]
    visible: frozenset[str]
    shown_lines: range
    reserved: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    references: tuple[Reference, ...] = ()
    bindings: tuple[Binding, ...] = ()
    outline: FileOutline = field(default_factory=FileOutline)
    enclosing: tuple[Definition, ...] = ()
    worths: Mapping[str, float] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The document's path."""
        return self.place.path

    def is_hidden(self, name: str) -> bool:
        """Return whether a name is one that the model might want and does not see."""
        return name not in self.visible and name not in self.reserved

    def shows(self, path: str, line: int) -> bool:
        """Return whether the window shows a line of a file."""
        return path == self.place.path and line in self.shown_lines


def context_query(place: Place, most_parse_ms: float = _MOST_PARSE_MS) -> ContextQuery:
    """Return what is known of a place; its document is parsed for at most so long."""
    visible = frozenset(
        name for line in _lines(place.text, place.window) for name in names_of_line(line)
    )
    text, window = place.text, place.window
    shown = range(text.line_of(window.start), text.line_of(window.end) + 1)
    nearness = dict(_nearness(place))
    terms = _terms(nearness)
    typed = names_of_line(_NAME_AT_END.sub("", text_before(place)[-_MOST_TYPED_CHARS:]))
    language = place.language
    if language is None:
        return ContextQuery(place, nearness, terms, visible, shown, typed=typed)
    reserved = reserved_words(language)
    if len(place.text) > _MOST_PARSED_CHARS:
        return ContextQuery(place, nearness, terms, visible, shown, reserved, typed)
    offset = place.offset
    parsed = parse(_without_line(text, offset), language, most_parse_ms)
    near = Span(max(0, offset - _NEAR_CHARS), min(len(text), offset + _NEAR_CHARS // 2))
    outline = outline_of(parsed)
    return ContextQuery(
        place,
        nearness,
        terms,
        visible,
        shown,
        reserved,
        typed,
        references=tuple(_nearest(references_in(parsed, near), offset)),
        bindings=tuple(bindings_at(parsed, offset)),
        outline=outline,
        enclosing=tuple(
            each for each in outline.definitions if _holds(each, parsed.source, offset)
        ),
    )


def text_before(place: Place) -> str:
    """Return the cursor's line up to the cursor."""
    text = place.text
    return text.value[text.line_start(text.line_of(place.offset)) : place.offset]


def _without_line(text: Text, offset: int) -> str:
    """Return the text with the cursor's line blank: half a statement would hide what is around."""
    line = text.line_of(offset)
    start, end = text.line_start(line), text.line_end(line)
    return "".join((text.value[:start], " " * (end - start), text.value[end:]))


def _holds(definition: Definition, source: str, offset: int) -> bool:
    """Return whether the cursor, whose line is blank in the source, is in a definition."""
    start, end = definition.span.start, definition.span.end
    if not start <= offset or source[end:offset].strip():
        return False
    return offset <= end or _column(source, offset) > _column(source, start)


def _column(source: str, offset: int) -> int:
    return offset - source.rfind("\n", 0, offset) - 1


def _nearest(references: Iterable[Reference], offset: int) -> list[Reference]:
    return sorted(references, key=lambda each: (abs(each.span.end - offset), each.span.start))


def _lines(text: Text, span: Span) -> Iterable[str]:
    return text.value[span.start : span.end].splitlines()


def _nearness(place: Place) -> Iterable[tuple[str, float]]:
    """Return names with their nearness, the nearest last."""
    text, line = place.text, place.text.line_of(place.offset)
    before = [text.line(each) for each in range(max(0, line - LINES_BEFORE), line)]
    before.append(text_before(place))
    last = min(text.line_count, line + 1 + LINES_AFTER)
    after = [text.value[place.offset : text.line_end(line)]]
    after += [text.line(each) for each in range(line + 1, last)]
    found: list[tuple[float, str]] = []
    for lines, worth in ((reversed(before), 1.0), (iter(after), _WORTH_AFTER)):
        for distance, content in enumerate(lines):
            nearness = worth / (1 + distance / _HALF_LINES)
            found += [(nearness, name) for name in names_of_line(content)]
    return [(name, nearness) for nearness, name in sorted(found)]


def _terms(nearness: Mapping[str, float]) -> dict[str, float]:
    """Return the index's words of the names, each with its best nearness."""
    weights: dict[str, float] = {}
    for name, weight in nearness.items():
        for term in terms_of(name):
            weights[term] = max(weight, weights.get(term, 0.0))
    return weights
