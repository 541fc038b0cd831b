"""Where a completion ends: at the line's end in the middle of a line, else with its statement.

tree-sitter says where the statement that is being written ends; where it cannot tell (no grammar,
damaged code), indentation does.
"""

from dataclasses import dataclass

from cloister.core.generation import Chunk, Finish, Generation
from cloister.core.text import Text, with_plain_newlines
from cloister.features.completion.candidate import LineProbabilities
from cloister.syntax.injections import part_at
from cloister.syntax.languages import Language
from cloister.syntax.statements import (
    UnfinishedSource,
    block_end,
    end_before_closer,
    parse_unfinished,
    statement_end,
)

_MOST_SOURCE_CHARS = 10_000
_MOST_BLANK_LINES = 200
# More than any number of tokens that we ask for; who answers may not care what we asked for.
_MOST_ANSWER_CHARS = 20_000
_CLOSERS = ")]}"
_CLOSING_WORDS = frozenset({"done", "end", "esac", "fi"})


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor's surroundings as the stop rule needs them.

    `source` is the text up to the cursor, from a line at the top level of the document on, so that
    a parser sees whole definitions. `is_open_block` says that nothing in the document continues
    what stands before the cursor, so that a whole block may be written. `closed_below` is the
    indentation of the next line of the document where that closes something, so that the completion
    need not.
    """

    source: str
    is_single_line: bool
    is_open_block: bool
    closed_below: int | None
    language: Language | None


def place_at(text: Text, offset: int, language: Language | None, *, multiline: bool) -> Place:
    """Return the place at `offset`; text after the cursor on its line asks for a single line.

    Within a script in HTML or code in Markdown it is that text and its language which count.
    """
    if language is not None:
        part, language = part_at(text.value, offset, language)
        if part.end - part.start < len(text.value):
            text, offset = Text(text.value[part.start : part.end]), offset - part.start
    line = text.line_of(offset)
    rest = text.value[offset : text.line_end(line)]
    start = text.line_start(_top_level_line(text, line, offset - _MOST_SOURCE_CHARS))
    return Place(
        source=with_plain_newlines(text.value[max(start, offset - _MOST_SOURCE_CHARS) : offset]),
        is_single_line=not multiline or bool(rest.strip()),
        is_open_block=_is_open_block(text, line),
        closed_below=_closed_below(text, line),
        language=language,
    )


def end_of_completion(place: Place, text: str) -> int | None:
    """Return how many characters of `text` belong to the completion; None while all may."""
    if place.is_single_line:
        newline = text.find("\n")
        return newline if newline >= 0 else None
    if "\n" not in text.strip():
        return None
    line_start = place.source.rfind("\n") + 1
    start = _first_visible(place.source + text, line_start)
    end = _end_by_syntax(place, text, start)
    return end if end is not None else _end_by_indentation(place, text)


def wanted_text(place: Place, generation: Generation) -> str:
    """Return what of the generated text belongs to the completion."""
    text = generation.text[:_MOST_ANSWER_CHARS]
    end = end_of_completion(place, text)
    if end is not None:
        return text[:end]
    if generation.finish is Finish.LENGTH and "\n" in text.strip():
        # The last line was cut by the limit; half a line is not worth showing.
        return text[: text.rfind("\n")]
    return text


class EnoughWatch:
    """Watches the text as it comes and says when more of it could not be shown.

    That is when the completion has ended or is longer than any, or when the line that is being
    written is already less likely than what is shown: the confidence filter will cut before it.
    """

    __slots__ = ("_lines", "_min_confidence", "_place", "_text")

    def __init__(self, place: Place, min_confidence: float) -> None:
        self._place = place
        self._min_confidence = min_confidence
        self._text = ""
        self._lines = LineProbabilities()

    def __call__(self, chunk: Chunk) -> bool:
        """Take the next chunk; returns whether it was the last one worth waiting for."""
        self._text += chunk.text
        self._lines.add(chunk)
        if len(self._text) > _MOST_ANSWER_CHARS:
            return True
        return min(self._lines.values) < self._min_confidence or (
            "\n" in chunk.text and end_of_completion(self._place, self._text) is not None
        )


def _end_by_syntax(place: Place, text: str, start: int) -> int | None:
    if place.language is None:
        return None
    cursor = len(place.source)
    source = parse_unfinished(place.source + text, place.language)
    end = _end_from(place, source, start)
    if end is not None and end <= cursor:
        # The statement before the cursor was complete; the text is the one after it.
        start = _first_visible(place.source + text, cursor)
        end = _within_block(place, source, statement_end(source, start))
    return end - cursor if end is not None and end > cursor else None


def _end_from(place: Place, source: UnfinishedSource, start: int) -> int | None:
    is_whole_block = place.is_open_block and start >= len(place.source)
    end = block_end(source, start) if is_whole_block else statement_end(source, start)
    return _within_block(place, source, end)


def _within_block(place: Place, source: UnfinishedSource, end: int | None) -> int | None:
    """Return the end, or where the text closes what the document closes already."""
    if place.closed_below is None:
        return end
    closed = end_before_closer(source, len(place.source), place.closed_below)
    return min((each for each in (end, closed) if each is not None), default=None)


def _end_by_indentation(place: Place, text: str) -> int | None:
    line_before = place.source[place.source.rfind("\n") + 1 :]
    lines = text.split("\n")
    base = _indentation(line_before if line_before.strip() else line_before + lines[0])
    n_chars = len(lines[0])
    for line in lines[1:]:
        if line.strip() and line.lstrip()[0] not in _CLOSERS and _indentation(line) < base:
            return n_chars
        n_chars += 1 + len(line)
    return None


def _indentation(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _is_open_block(text: Text, line: int) -> bool:
    if text.line(line).strip():
        return False
    above = _nearest_content(text, range(line - 1, max(-1, line - _MOST_BLANK_LINES), -1))
    below = _nearest_content(text, range(line + 1, min(text.line_count, line + _MOST_BLANK_LINES)))
    return above is not None and (below is None or _indentation(below) <= _indentation(above))


def _closed_below(text: Text, line: int) -> int | None:
    last = min(text.line_count, line + _MOST_BLANK_LINES)
    below = _nearest_content(text, range(line + 1, last)) or ""
    closes = below.strip()[:1] in set(_CLOSERS) or below.strip(" \t;") in _CLOSING_WORDS
    return _indentation(below) if closes else None


def _nearest_content(text: Text, lines: range) -> str | None:
    return next((content for line in lines if (content := text.line(line)).strip()), None)


def _first_visible(source: str, position: int) -> int:
    while position < len(source) and source[position].isspace():
        position += 1
    return position


def _top_level_line(text: Text, line: int, furthest: int) -> int:
    while line > 0 and text.line_start(line) > furthest:
        content = text.line(line)
        if content[:1].strip() and content[0] not in f"{_CLOSERS}#":
            break
        line -= 1
    return line
