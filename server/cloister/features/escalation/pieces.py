"""Whose text a conversation holds: nothing can be asked elsewhere without it."""

import os
from pathlib import Path

from cloister.core.context import CompletionContext, Snippet
from cloister.core.document import DocumentSnapshot
from cloister.core.privacy import Piece
from cloister.core.text import Span


def pieces_of(
    document: DocumentSnapshot, shown: Span, context: CompletionContext, root: Path | None
) -> tuple[Piece, ...]:
    """Return the document's own part of a conversation and every snippet in it.

    Empty for a document that is no file: nobody could say whose text it is.
    """
    if document.path is None:
        return ()
    snippets = (piece_of(it, document.path, root) for it in context.snippets)
    return (_own(document, document.path, shown), *snippets)


def piece_of(snippet: Snippet, document: Path, root: Path | None) -> Piece:
    """Return a snippet that is told to a model in `document`."""
    lines = snippet.first_line, snippet.last_line
    return _piece((root or document.parent) / snippet.path, lines, snippet.text, snippet.source)


def said_by_others(document: DocumentSnapshot, span: Span, text: str) -> tuple[Piece, ...]:
    """Return words about a document that may quote any file, such as a diagnostic."""
    if document.path is None:
        return ()
    first, last = (document.text.line_of(offset) for offset in (span.start, span.end))
    return (_piece(document.path, (first, last), text, "diagnostics"),)


def _own(document: DocumentSnapshot, path: Path, span: Span) -> Piece:
    text = document.text
    lines = text.line_of(span.start), text.line_of(span.end)
    return _piece(path, lines, text.value[span.start : span.end], "document")


def _piece(path: Path, lines: tuple[int, int], text: str, source: str) -> Piece:
    # A loop of links has no real path, and `resolve` would raise.
    return Piece(path, Path(os.path.realpath(path)), *lines, text, source)
