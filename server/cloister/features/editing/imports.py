"""Which statements of a text import something, and what."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from cloister.core.outline import FileOutline, Import, SymbolKind
from cloister.core.text import Span
from cloister.features.editing.snippet import start_of_code
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.statements import statements_in
from cloister.syntax.tree import ParsedSource, parse

Meaning = tuple[str, str, str]

# Imports within one of these are its own.
CLOSED = frozenset({SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD})
FUTURE = "from __future__"
_NAMELESS = re.compile(r"#\s*include\b|using\s[^=]+\Z|import\s[^*]+\.\*|(?:require|require_once)\b")


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
    imports = imports_of(parsed, outline)
    closed = sorted(it.span.start for it in outline.definitions if it.kind in CLOSED)
    found: list[ImportStatement] = []
    for span in outermost(statements_in(parsed)) if imports else ():
        if bisect_left(closed, span.start) < bisect_left(closed, span.end):
            continue
        meanings = {meaning_of(it) for it in imports if span.start <= it.span.start < span.end}
        if meanings:
            text = source[span.start : span.end].strip()
            found.append(ImportStatement(span, text, frozenset(meanings)))
    return found


def without_imports(code: str, language: Language) -> tuple[str, list[ImportStatement]]:
    """Return code without the imports that it begins with, and those."""
    first: list[ImportStatement] = []
    end = start_of_code(code)
    for statement in import_statements(code, language):
        if code[end : statement.span.start].strip():
            break
        first.append(statement)
        end = statement.span.end
    return (code[end:] if first else code), first


def uses_any(code: str, statements: Iterable[ImportStatement]) -> bool:
    """Return whether code speaks of something that the statements import.

    What a whole file or namespace brings does not say its names, so that counts.
    """
    statements = tuple(statements)
    if any(_NAMELESS.match(it.text) for it in statements):
        return True
    meanings = (it for statement in statements for it in statement.meanings)
    names = {
        alias or name or module.rpartition("/")[2].partition(".")[0]
        for module, name, alias in meanings
    }
    return not names.isdisjoint(re.findall(r"\w+", code))


def imports_of(parsed: ParsedSource, outline: FileOutline) -> list[Import]:
    """Return what is imported; what Python takes from nowhere counts too."""
    imports = list(outline.imports)
    for span in statements_in(parsed) if FUTURE in parsed.source else ():
        statement = parsed.source[span.start : span.end]
        if statement.startswith(FUTURE):
            names = re.findall(r"\w+", statement.partition(" import ")[2])
            imports += (Import("__future__", name, "", span) for name in names)
    return imports


def outermost(spans: Iterable[Span]) -> Iterable[Span]:
    """Return those of ordered spans that are in no other."""
    end = 0
    for span in spans:
        if span.start >= end:
            end = span.end
            yield span


def meaning_of(each: Import) -> Meaning:
    """Return what an import means: module, name and alias."""
    return each.module, each.name, each.alias
