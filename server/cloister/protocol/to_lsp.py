"""From code-point offsets and domain values to what the editor understands."""

from lsprotocol import types

from cloister.core.document import DocumentSnapshot
from cloister.core.suggestion import Suggestion
from cloister.core.text import Span, Text

ACCEPTED_COMMAND = "cloister.accepted"


def count_units(text: str, encoding: types.PositionEncodingKind) -> int:
    """Return the length of `text` in the units of `encoding`; a lone surrogate counts as one."""
    match encoding:
        case types.PositionEncodingKind.Utf8:
            return len(text.encode("utf-8", "surrogatepass"))
        case types.PositionEncodingKind.Utf16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case types.PositionEncodingKind.Utf32:
            return len(text)


def position(text: Text, offset: int, encoding: types.PositionEncodingKind) -> types.Position:
    """Return the position of `offset`; inside a line terminator it is the line's end."""
    line = text.line_of(offset)
    before = text.value[text.line_start(line) : min(offset, text.line_end(line))]
    return types.Position(line, count_units(before, encoding))


def lsp_range(text: Text, span: Span, encoding: types.PositionEncodingKind) -> types.Range:
    """Return the range of `span`."""
    return types.Range(
        start=position(text, span.start, encoding), end=position(text, span.end, encoding)
    )


def inline_item(
    document: DocumentSnapshot, suggestion: Suggestion, encoding: types.PositionEncodingKind
) -> types.InlineCompletionItem:
    """Return ghost text in the one shape that every editor shows and accepts correctly."""
    return types.InlineCompletionItem(
        insert_text=suggestion.text,
        range=lsp_range(document.text, suggestion.span, encoding),
        command=_accepted(suggestion),
    )


def menu_item(
    document: DocumentSnapshot, suggestion: Suggestion, encoding: types.PositionEncodingKind
) -> types.CompletionItem:
    """Return an entry of the completion menu, for editors without ghost text."""
    return types.CompletionItem(
        label=suggestion.text.strip().partition("\n")[0],
        detail=suggestion.source or "cloister",
        # Language servers know names; a guess must not stand above them.
        sort_text="\U0010ffff",
        text_edit=types.TextEdit(
            lsp_range(document.text, suggestion.span, encoding), suggestion.text
        ),
        # The text carries its indentation already.
        insert_text_mode=types.InsertTextMode.AsIs,
        command=_accepted(suggestion),
    )


def _accepted(suggestion: Suggestion) -> types.Command:
    return types.Command(
        title="Suggestion accepted",
        command=ACCEPTED_COMMAND,
        tooltip=f"Written by {suggestion.source}" if suggestion.source else None,
        arguments=[suggestion.id],
    )
