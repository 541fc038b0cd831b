"""The shapes that every editor shows and accepts correctly."""

from inline_snapshot import snapshot
from lsprotocol.converters import get_converter
from lsprotocol.types import PositionEncodingKind

from cloister.core.document import DocumentSnapshot
from cloister.core.suggestion import Suggestion
from cloister.core.text import Span, Text
from cloister.protocol import to_lsp

DOCUMENT = DocumentSnapshot("file:///a.py", None, "python", 1, Text("💥 ret\n"))
SUGGESTION = Suggestion("s1", "return fib(\n    1)", Span(2, 5))


def test_an_inline_item_is_a_string_with_a_range_and_says_when_it_is_accepted() -> None:
    item = to_lsp.inline_item(DOCUMENT, SUGGESTION, PositionEncodingKind.Utf16)
    assert get_converter().unstructure(item) == snapshot(
        {
            "insertText": """\
return fib(
    1)\
""",
            "range": {"start": {"line": 0, "character": 3}, "end": {"line": 0, "character": 6}},
            "command": {
                "title": "Suggestion accepted",
                "command": "cloister.accepted",
                "arguments": ["s1"],
            },
        }
    )


def test_a_menu_item_shows_its_first_line_and_stands_last() -> None:
    item = to_lsp.menu_item(DOCUMENT, SUGGESTION, PositionEncodingKind.Utf8)
    assert get_converter().unstructure(item) == snapshot(
        {
            "label": "return fib(",
            "detail": "cloister",
            "sortText": "\U0010ffff",
            "insertTextMode": 1,
            "textEdit": {
                "range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 8}},
                "newText": """\
return fib(
    1)\
""",
            },
            "command": {
                "title": "Suggestion accepted",
                "command": "cloister.accepted",
                "arguments": ["s1"],
            },
        }
    )
