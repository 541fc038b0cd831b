"""Imports that an answer brings along: added where the file has its own, each of them once."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from cloister.core.edit import TextEdit
from cloister.core.outline import Import, SymbolKind
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.fitting import line_terminator
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.statements import statements_in
from cloister.syntax.tree import parse

Meaning = tuple[str, str, str]

# Imports within one of these are its own.
_CLOSED = frozenset({SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD})


@dataclass(frozen=True, slots=True)
class ImportStatement:
    """A statement on the outermost level, and what it imports: module, name and alias."""

    span: Span
    text: str
    meanings: frozenset[Meaning]


def import_statements(source: str, language: Language) -> list[ImportStatement]:
    """Return the statements of a text that import something, in order."""
    parsed = parse(source, language)
    outline = outline_of(parsed)
    imports = outline.imports
    closed = sorted(it.span.start for it in outline.definitions if it.kind in _CLOSED)
    found: list[ImportStatement] = []
    for span in _outermost(statements_in(parsed)) if imports else ():
        if bisect_left(closed, span.start) < bisect_left(closed, span.end):
            continue
        meanings = {_meaning(it) for it in imports if span.start <= it.span.start < span.end}
        if meanings:
            text = source[span.start : span.end].strip()
            found.append(ImportStatement(span, text, frozenset(meanings)))
    return found


def without_imports(code: str, language: Language) -> tuple[str, list[ImportStatement]]:
    """Return code without the imports that it begins with, and those."""
    first: list[ImportStatement] = []
    end = 0
    for statement in import_statements(code, language):
        if code[end : statement.span.start].strip():
            break
        first.append(statement)
        end = statement.span.end
    return code[end:], first


def uses_any(code: str, statements: Iterable[ImportStatement]) -> bool:
    """Return whether code speaks of something that the statements import."""
    meanings = (it for statement in statements for it in statement.meanings)
    names = {alias or name or module.partition(".")[0] for module, name, alias in meanings}
    return not names.isdisjoint(re.findall(r"\w+", code))


def added_imports(
    text: Text, statements: Iterable[ImportStatement], language: Language, before: int
) -> tuple[TextEdit, ...]:
    """Return the edit that adds what the file does not import yet, behind its last import.

    Without any they go before its first definition, and always before the offset `before`. Raises
    RefusedAnswerError for a statement of which the file has a part that cannot be taken out.
    """
    own = [it for it in import_statements(text.value, language) if it.span.start < before]
    known = frozenset[Meaning]().union(*(it.meanings for it in own))
    new = [_reduced(it, known, language) for it in statements if not it.meanings <= known]
    if not new:
        return ()
    line_end = line_terminator(text)
    offset = _place(text, own, language, before)
    return (TextEdit(Span(offset, offset), "".join(f"{it}{line_end}" for it in new)),)


def _reduced(statement: ImportStatement, known: frozenset[Meaning], language: Language) -> str:
    """Return the statement without what is known; one that cannot be understood is refused."""
    text = statement.text
    for module, name, _ in sorted(statement.meanings & known):
        taken = re.escape(name or module)
        text = re.sub(rf"""(?<!\w)["'`]?{taken}["'`]?(?!\w)[ \t]*,?\s*""", "", text, count=1)
    left = frozenset[Meaning]().union(*(it.meanings for it in import_statements(text, language)))
    if left != statement.meanings - known:
        raise RefusedAnswerError(
            "The new code imports what the file has in part; add the rest by hand, and try again."
        )
    return text


def _place(text: Text, own: list[ImportStatement], language: Language, before: int) -> int:
    if own:
        line = text.line_of(own[-1].span.end - 1) + 1
        return text.line_start(line) if line < text.line_count else len(text)
    definitions = outline_of(parse(text.value, language)).definitions
    first = min([before, *(it.span.start for it in definitions)])
    return text.line_start(text.line_of(first))


def _outermost(spans: Iterable[Span]) -> Iterable[Span]:
    end = 0
    for span in spans:
        if span.start >= end:
            end = span.end
            yield span


def _meaning(each: Import) -> Meaning:
    return each.module, each.name, each.alias
