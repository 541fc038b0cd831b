"""From lines and characters of the protocol to code-point offsets.

Nothing an editor sends can fail here: what lies outside the text is moved to its nearest place,
the middle of a character to its start, and an inverted range is turned round.
"""

from bisect import bisect_right
from collections.abc import Sequence

from lsprotocol import types

from cloister.core.text import Span, Text
from cloister.protocol.to_lsp import count_units


def offset(text: Text, position: types.Position, encoding: types.PositionEncodingKind) -> int:
    """Return the code-point offset of `position`."""
    if position.line >= text.line_count:
        return len(text)
    line = text.line(position.line)
    return text.line_start(position.line) + _code_points(line, position.character, encoding)


def span(text: Text, lsp_range: types.Range, encoding: types.PositionEncodingKind) -> Span:
    """Return the span of `lsp_range`."""
    ends = offset(text, lsp_range.start, encoding), offset(text, lsp_range.end, encoding)
    return Span(min(ends), max(ends))


def edited(
    text: Text,
    changes: Sequence[types.TextDocumentContentChangeEvent],
    encoding: types.PositionEncodingKind,
) -> Text:
    """Return `text` after `changes`, each of which refers to the text after the one before."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            text = Text(change.text)
        else:
            text = text.replace(span(text, change.range, encoding), change.text)
    return text


def _code_points(line: str, units: int, encoding: types.PositionEncodingKind) -> int:
    """Return the greatest number of code points of `line` that fit into `units`."""
    n_most = min(len(line), units)
    if line.isascii():
        return n_most
    counts = range(n_most + 1)
    return bisect_right(counts, units, key=lambda n: count_units(line[:n], encoding)) - 1
