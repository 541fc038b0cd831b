"""What the index keeps of one file: its symbols, its imports, and its chunks.

Pure: text in, values out. Workers do this for files, and the read side for unsaved buffers.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import PurePosixPath

from cloister.core.outline import Definition, Import
from cloister.core.text import Span, with_plain_newlines
from cloister.syntax.languages import Language, language_for_path
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse
from cloister.workspace.index.chunks import Chunk, chunks_of

_MOST_SYMBOLS = 5000
_MOST_IMPORTS = 2000
_MOST_SIGNATURE_CHARS = 400
_MOST_DOCUMENTATION_CHARS = 200
_MOST_VALUE_CHARS = 200
_MOST_FIRST_LINE_CHARS = 200
# What stands around the words of a comment or docstring.
_COMMENT_MARKS = re.compile(r"^[\s/*#\-;!\"'`<>{}%|\[\]=]+|[\s*/\"'`>}\]=]+$")

# In the order of the table's columns, without the file.
SymbolRow = tuple[str, str, str, str, str, str, str, int, int, int, int, int, str, str]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The outline of a file as rows of the index, and what a search looks through."""

    language: str
    symbols: Sequence[SymbolRow]
    imports: Sequence[Import]
    chunks: Sequence[Chunk]


def facts_of(path: str, source: str) -> FileFacts:
    """Return what the index keeps of a file with this text."""
    # With \n alone every line start can be counted; the offsets of \r\n need not move for that.
    text = source.replace("\r\n", " \n") if "\r\n" in source else source
    lines = with_plain_newlines(text).split("\n")
    chunks = list(chunks_of(lines))
    language = language_of(path, source)
    if language is None:
        return FileFacts("", (), (), chunks)
    outline = outline_of(parse(source, language))
    starts = [0, *accumulate(map((1).__add__, map(len, lines)))]
    symbols = [_symbol_row(source, starts, each) for each in outline.definitions[:_MOST_SYMBOLS]]
    return FileFacts(language.name, symbols, outline.imports[:_MOST_IMPORTS], chunks)


def language_of(path: str, source: str) -> Language | None:
    """Return the language of a file, by its name or its first line."""
    first_line = source[:_MOST_FIRST_LINE_CHARS].partition("\n")[0]
    return language_for_path(PurePosixPath(path), first_line)


def _symbol_row(source: str, starts: Sequence[int], definition: Definition) -> SymbolRow:
    start, end = definition.span.start, definition.span.end
    scope, _, owner = definition.container.rpartition(".")
    signature = source[start : min(definition.signature_end, start + _MOST_SIGNATURE_CHARS)]
    return (
        definition.name,
        definition.kind.value,
        scope,
        owner,
        "\n".join(definition.bases),
        definition.type[:_MOST_VALUE_CHARS],
        definition.value[:_MOST_VALUE_CHARS],
        start,
        end,
        definition.signature_end,
        bisect_right(starts, start) - 1,
        bisect_right(starts, max(start, end - 1)) - 1,
        signature.rstrip(),
        _documentation_line(source, definition.documentation) if definition.documentation else "",
    )


def _documentation_line(source: str, span: Span) -> str:
    """Return the first line of the documentation that has words, without its marks."""
    start = source[span.start : min(span.end, span.start + 4 * _MOST_DOCUMENTATION_CHARS)]
    lines = (_COMMENT_MARKS.sub("", line) for line in start.splitlines())
    return next(filter(None, lines), "")[:_MOST_DOCUMENTATION_CHARS]
