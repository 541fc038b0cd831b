"""The one shape of a suggestion that every editor shows correctly: a range on one line.

It starts at the word that is being typed, or covers the indentation of a blank line, and ends at
the cursor; the text begins with what the range holds.
"""

import secrets

from cloister.core.request import CompletionRequest
from cloister.core.suggestion import Suggestion
from cloister.core.text import Span
from cloister.features.completion.candidate import Answer


def shape_suggestion(request: CompletionRequest, answer: Answer) -> Suggestion:
    """Return the suggestion that inserts an answer at the request's cursor."""
    text, offset = request.document.text, request.offset
    line_start = text.line_start(text.line_of(offset))
    start = _word_start(text.value, line_start, offset)
    return Suggestion(
        id=secrets.token_hex(8),
        text=text.value[start:offset] + answer.text,
        span=Span(start, offset),
        source=answer.source,
    )


def _word_start(text: str, line_start: int, offset: int) -> int:
    """Return where the replaced range starts: the typed word, or the indentation of a blank line.

    A range over a character outside the Basic Multilingual Plane is not shown by VS Code, so the
    word starts after the last of them.
    """
    if not text[line_start:offset].strip():
        return line_start
    start = offset
    while start > line_start and _is_word(text[start - 1]):
        start -= 1
    return start


def _is_word(char: str) -> bool:
    return (char.isalnum() or char == "_") and char <= "\uffff"
