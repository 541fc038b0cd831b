"""Where an action is asked for: a selection in a parsed document, and what others say about it.

Made anew for every version of a document, which takes milliseconds; nothing else is asked before
the menu of actions appears.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cloister.core.document import DocumentSnapshot
from cloister.core.outline import Definition, FileOutline, SymbolKind
from cloister.core.text import Span, Text
from cloister.features.editing.fitting import indentation_unit, leading_space
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.statements import statements_in
from cloister.syntax.tree import ParsedSource, parse

CALLABLES = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})


@dataclass(frozen=True, slots=True, repr=False)
class Problem:
    """What another tool says about a span: a diagnostic of any language server."""

    span: Span
    message: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with what its syntax says; the same for every place in it."""

    document: DocumentSnapshot
    language: Language
    parsed: ParsedSource
    outline: FileOutline
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """A selection, empty where there is only a cursor, and the problems known of the document."""

    read: ReadDocument
    span: Span
    problems: tuple[Problem, ...] = ()
    root: Path | None = None

    @property
    def text(self) -> Text:
        """The whole document."""
        return self.read.document.text

    @property
    def selected(self) -> str:
        """The selected text."""
        return self.text.value[self.span.start : self.span.end]

    @property
    def problems_here(self) -> list[Problem]:
        """The problems that touch the selection's lines."""
        first, last = self._lines(self.span)
        lines = ((it, self._lines(it.span)) for it in self.problems)
        return [it for it, (start, end) in lines if start <= last and first <= end]

    @property
    def function(self) -> Definition | None:
        """The innermost function or method around the selection."""
        return self.innermost(CALLABLES)

    @property
    def definition(self) -> Definition | None:
        """The innermost function, method or class around the selection."""
        return self.innermost(CALLABLES | {SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})

    def innermost(self, kinds: frozenset[SymbolKind]) -> Definition | None:
        """Return the innermost definition of some kinds around the selection."""
        return _innermost(self.read.outline.definitions, self.span, kinds)

    def indentation_at(self, offset: int) -> str:
        """Return the spaces and tabs at the beginning of the line that holds `offset`."""
        return leading_space(self.text.line(self.text.line_of(offset)))

    def body_statements(self, definition: Definition) -> list[Span]:
        """Return the outermost statements of a definition's body, without its documentation."""
        body = Span(definition.signature_end, definition.span.end)
        inside: list[Span] = []
        end = body.start
        for span in statements_in(self.read.parsed, body):
            if end <= span.start and span.end <= body.end:
                inside.append(span)
                end = span.end
        return [span for span in inside if not _documents(definition, span)]

    def _lines(self, span: Span) -> tuple[int, int]:
        return self.text.line_of(span.start), self.text.line_of(span.end)


def read_document(document: DocumentSnapshot, language: Language) -> ReadDocument:
    """Parse a document."""
    parsed = parse(document.text.value, language)
    unit = indentation_unit(document.text)
    return ReadDocument(document, language, parsed, outline_of(parsed), unit)


def _documents(definition: Definition, span: Span) -> bool:
    documentation = definition.documentation
    return documentation is not None and span.start <= documentation.start < span.end


def _innermost(
    definitions: Iterable[Definition], span: Span, kinds: frozenset[SymbolKind]
) -> Definition | None:
    around = (
        it
        for it in definitions
        if it.kind in kinds and it.span.start <= span.start and span.end <= it.span.end
    )
    return min(around, key=lambda it: it.span.end - it.span.start, default=None)
