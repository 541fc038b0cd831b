"""What is found in a source, as text: the format is told in `tests/cases/languages/README.md`."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from cloister.core.outline import Binding, Definition, Import, Reference
from cloister.core.text import Span, Text
from cloister.syntax.bindings import bindings_in
from cloister.syntax.comments import comments_in
from cloister.syntax.injections import injections_in
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.queries import query
from cloister.syntax.references import references_in
from cloister.syntax.statements import blocks_in, statements_in
from cloister.syntax.tree import ParsedSource, parse

_MOST_SHOWN_CHARS = 60


def rendered(source: str, language: Language) -> str:
    """Return all that is found in the source, in sections for the queries of the language."""
    parsed = parse(source, language)
    sections = (
        f"== {name}\n" + "".join(f"{line}\n" for line in lines(parsed))
        for name, (needed, lines) in _SECTIONS.items()
        if query(language, needed) is not None
    )
    return "\n".join(sections)


def _definitions(parsed: ParsedSource) -> Iterator[str]:
    for each in outline_of(parsed).definitions:
        path = f"{each.container}.{each.name}" if each.container else each.name
        yield f"{_lines(parsed, each.span)} {each.kind} {path}"
        yield from (f"    {line}" for line in _facts(parsed, each))


def _facts(parsed: ParsedSource, definition: Definition) -> Iterator[str]:
    signature = parsed.source[definition.span.start : definition.signature_end]
    yield f"signature {_one_line(signature)}"
    if definition.bases:
        yield f"bases {' | '.join(definition.bases)}"
    if definition.type:
        yield f"type {definition.type}"
    if definition.value:
        yield f"value {_one_line(definition.value)}"
    if span := definition.documentation:
        yield f"documentation {_lines(parsed, span)} {_shown(parsed.source[span.start : span.end])}"


def _imports(parsed: ParsedSource) -> Iterator[str]:
    for each in outline_of(parsed).imports:
        yield f"{_lines(parsed, each.span)} {_import(each)}"


def _import(each: Import) -> str:
    name = f" . {each.name}" if each.name else ""
    return f"{each.module}{name}" + (f" as {each.alias}" if each.alias else "")


def _references(parsed: ParsedSource) -> Iterator[str]:
    text = Text(parsed.source)
    by_line = groupby(references_in(parsed), key=lambda each: text.line_of(each.span.start))
    for line, references in by_line:
        yield f"{line + 1} " + ", ".join(_reference(each) for each in references)


def _reference(each: Reference) -> str:
    receiver = f"{_shown(each.receiver)} . " if each.receiver else ""
    return f"{each.kind} {receiver}{each.name}"


def _bindings(parsed: ParsedSource) -> Iterator[str]:
    for each in bindings_in(parsed):
        yield f"{_lines(parsed, each.span)} {_binding(each)} in {_lines(parsed, each.scope)}"


def _binding(each: Binding) -> str:
    kind = f" : {each.type}" if each.type else ""
    return f"{each.name}{kind}" + (f" = {_one_line(each.value)}" if each.value else "")


def _spans(
    find: Callable[[ParsedSource], Iterable[Span]],
) -> Callable[[ParsedSource], Iterator[str]]:
    def lines(parsed: ParsedSource) -> Iterator[str]:
        for span in find(parsed):
            yield f"{_lines(parsed, span)} {_shown(parsed.source[span.start : span.end])}"

    return lines


def _injections(parsed: ParsedSource) -> Iterator[str]:
    for each in injections_in(parsed):
        known = each.language.name if each.language else "unknown"
        yield f"{_lines(parsed, each.span)} {each.name} ({known})"


def _lines(parsed: ParsedSource, span: Span) -> str:
    first = parsed.source.count("\n", 0, span.start) + 1
    last = parsed.source.count("\n", 0, max(span.start, span.end - 1)) + 1
    return f"{first}" if first == last else f"{first}-{last}"


def _one_line(text: str) -> str:
    return " ⏎ ".join(line.strip() for line in text.splitlines())


def _shown(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _MOST_SHOWN_CHARS else f"{shown[: _MOST_SHOWN_CHARS - 1]}…"


_SECTIONS: dict[str, tuple[str, Callable[[ParsedSource], Iterator[str]]]] = {
    "definitions": ("definitions", _definitions),
    "imports": ("imports", _imports),
    "references": ("references", _references),
    "bindings": ("scopes", _bindings),
    "comments": ("comments", _spans(comments_in)),
    "statements": ("blocks", _spans(statements_in)),
    "blocks": ("blocks", _spans(blocks_in)),
    "injections": ("injections", _injections),
}
