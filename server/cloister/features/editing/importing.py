"""Adds imports that an answer brings along: where the file has its own, each of them once.

Only whole lines are added, among the file's imports or below what it begins with.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloister.core.edit import TextEdit
from cloister.core.outline import FileOutline, Import, SymbolKind
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.fitting import leading_space, line_terminator
from cloister.features.editing.header import header_end
from cloister.features.editing.imports import (
    CLOSED,
    FUTURE,
    ImportStatement,
    Meaning,
    import_statements,
    imports_of,
    meaning_of,
    outermost,
)
from cloister.features.editing.snippet import as_file
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.statements import statements_in
from cloister.syntax.tree import parse

# Here what is imported in a module or namespace is known in it alone.
_OF_MODULES = frozenset({"c_sharp", "rust"})
# Here it makes no difference in which order imports stand.
_SORTED = frozenset({"c_sharp", "go", "java", "kotlin", "php", "python", "rust", "scala", "swift"})
# Here imports stand in groups, guards or namespaces; elsewhere what is around them is a condition.
_NESTED = frozenset({*_OF_MODULES, "c", "cpp", "go", "php"})
_GO_SPEC = re.compile(r"(?:[\w.]+[ \t]+)?(?:\"[^\"\n]*\"|`[^`\n]*`)")
_OF_PROJECT = re.compile(r"""["']\.|^from \.|^#include\s*"|^require_relative\b""")
_PYTHON_DEFINITION = re.compile(r"(?:async def|class|def|@)\b|@")


def added_imports(
    text: Text, statements: Iterable[ImportStatement], language: Language, before: int
) -> tuple[TextEdit, ...]:
    """Return the edits that add what the file does not import yet, beside its own imports.

    Without any they go below what the file begins with, and always before the offset `before`.
    Raises RefusedAnswerError for a statement of which the file has a part that cannot be taken
    out.
    """
    own = _own(text, language, before)
    known = frozenset[Meaning]().union(*(it.meanings for it in own.known))
    new = [_reduced(it, known, language) for it in statements if not it.meanings <= known]
    if not new:
        return ()
    new.sort(key=lambda it: not it.startswith(FUTURE))
    if not own.places:
        return (_below_header(text, new, language, before),)
    lines = [line for it in new for line in _lines(it, own.places[0], language)]
    # Of those that end up in one place the ones stand first that have their like above it.
    lines.sort(key=lambda it: (not _alike(it, own.places, language), _key(it)))
    return tuple(_beside(text, line, own.places, language) for line in lines)


@dataclass(frozen=True, slots=True)
class _Own:
    """The file's statements that import: what is `known`, and `places` to put others beside."""

    known: tuple[ImportStatement, ...]
    places: tuple[ImportStatement, ...]


def _own(text: Text, language: Language, before: int) -> _Own:
    parsed = parse(text.value, language)
    outline = outline_of(parsed)
    hidden = _hidden(outline, before, language)
    starts = ((it, it.span.start) for it in imports_of(parsed, outline))
    imports = [it for it, start in starts if start < before and not _is_within(start, hidden)]
    known: dict[Span, ImportStatement] = {}
    depths: dict[Span, int] = {}
    for span, depth, each in _innermost(statements_in(parsed), imports):
        meanings = known[span].meanings if span in known else frozenset[Meaning]()
        statement = text.value[span.start : span.end].strip()
        known[span] = ImportStatement(span, statement, meanings | {meaning_of(each)})
        depths[span] = depth
    least = min(depths.values(), default=0)
    if least and language.name not in _NESTED:
        return _Own(tuple(known.values()), ())
    first = min((it.span.start for it in outline.definitions if it.kind in CLOSED), default=before)
    # In C++ other statements import as well, and a file's own stand outside of namespaces.
    places = [
        it
        for it in known.values()
        if depths[it.span] == least and (language.name != "cpp" or it.text.startswith("#"))
    ]
    leading = [it for it in places if it.span.start < first] or places[:1]
    return _Own(tuple(known.values()), tuple(leading))


def _hidden(outline: FileOutline, before: int, language: Language) -> list[Span]:
    """Return where what is imported is not known to the code at `before`."""
    spans = (
        it.span
        for it in outline.definitions
        if it.kind in CLOSED
        or (
            it.kind is SymbolKind.MODULE
            and language.name in _OF_MODULES
            and not it.span.start <= before <= it.span.end
        )
    )
    return list(outermost(sorted(spans, key=lambda span: span.start)))


def _is_within(offset: int, spans: list[Span]) -> bool:
    nearest = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return nearest >= 0 and offset < spans[nearest].end


def _innermost(
    statements: Iterable[Span], imports: Iterable[Import]
) -> Iterator[tuple[Span, int, Import]]:
    """Yield the innermost statement around each import, and how many are around that."""
    around: list[Span] = []
    ordered: list[tuple[Span, Import | None]] = [(it, None) for it in statements]
    ordered += [(it.span, it) for it in imports]
    for span, each in sorted(ordered, key=lambda it: (it[0].start, it[1] is not None, -it[0].end)):
        while around and around[-1].end <= span.start:
            around.pop()
        if each is None:
            around.append(span)
        elif around:
            yield around[-1], len(around) - 1, each


def _reduced(statement: ImportStatement, known: frozenset[Meaning], language: Language) -> str:
    """Return the statement without what is known; one that cannot be understood is refused."""
    text = statement.text
    for module, name, _ in sorted(statement.meanings & known):
        taken = re.escape(name or module)
        text = re.sub(rf"""(?<!\w)["'`]?{taken}["'`]?(?!\w)[ \t]*,?\s*""", "", text, count=1)
    left = import_statements(as_file(text, language), language)
    if frozenset[Meaning]().union(*(it.meanings for it in left)) != statement.meanings - known:
        raise RefusedAnswerError(
            "The new code imports what the file has in part; add the rest by hand, and try again."
        )
    return text


def _lines(statement: str, place: ImportStatement, language: Language) -> list[str]:
    """Return a statement as it stands beside another: in a group of Go without its keyword."""
    if language.name == "go" and not place.text.startswith("import"):
        return _GO_SPEC.findall(statement.removeprefix("import"))
    return [statement]


def _beside(
    text: Text, line: str, places: tuple[ImportStatement, ...], language: Language
) -> TextEdit:
    """Return the edit that puts a line beside the imports of its kind, or behind all others.

    Imports that are in order stay so, where the order says nothing else.
    """
    alike = _alike(line, places, language)
    keys = [_key(it.text) for it in alike]
    is_sorted = language.name in _SORTED and keys == sorted(keys)
    n_before = bisect_right(keys, _key(line)) if is_sorted else len(alike)
    following = alike[n_before] if n_before < len(alike) else places[0]
    if n_before or not (alike or line.startswith(FUTURE)):
        return _behind(text, line, (alike[:n_before] or places)[-1])
    start = text.line_start(text.line_of(following.span.start))
    if line.startswith(FUTURE) and text.value[header_end(text, language) : start].strip():
        # Python wants it before any code.
        start = header_end(text, language)
    return TextEdit(Span(start, start), _indented(text, line, following) + line_terminator(text))


def _alike(
    line: str, places: tuple[ImportStatement, ...], language: Language
) -> list[ImportStatement]:
    """Return the imports of the same kind."""
    return [it for it in places if _kind(it.text, language) == _kind(line, language)]


def _behind(text: Text, line: str, place: ImportStatement) -> TextEdit:
    whole, number = _indented(text, line, place), text.line_of(place.span.end - 1) + 1
    if number < text.line_count:
        start = text.line_start(number)
        return TextEdit(Span(start, start), whole + line_terminator(text))
    return TextEdit(Span(len(text), len(text)), line_terminator(text) + whole)


def _indented(text: Text, line: str, place: ImportStatement) -> str:
    indentation = leading_space(text.line(text.line_of(place.span.start)))
    return indentation + line.replace("\n", line_terminator(text))


def _key(statement: str) -> str:
    """Return what imports are sorted by: in Go not by what they are called here."""
    return statement[statement.find('"') + 1 :].rstrip(";").casefold()


def _kind(statement: str, language: Language) -> tuple[str, bool]:
    if language.name == "go":
        return "", "." in statement.partition("/")[0]
    word = FUTURE if statement.startswith(FUTURE) else statement.partition(" ")[0]
    return word, bool(_OF_PROJECT.search(statement))


def _below_header(text: Text, new: list[str], language: Language, before: int) -> TextEdit:
    """Return the edit that puts imports below the header, with blank lines around them."""
    offset = min(header_end(text, language), text.line_start(text.line_of(before)))
    lines = "".join(f"{it}\n" for it in new)
    following = text.value[offset:].partition("\n")[0]
    if offset and text.line(text.line_of(offset) - 1).strip():
        lines = f"\n{lines}"
    if following.strip():
        is_wide = language.name == "python" and _PYTHON_DEFINITION.match(following)
        lines += "\n\n" if is_wide else "\n"
    return TextEdit(Span(offset, offset), lines.replace("\n", line_terminator(text)))
