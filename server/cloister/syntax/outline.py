"""What a file defines and imports, found in one pass over its tree.

The cost beyond parsing is one query and a few microseconds per definition; nesting is told from the
order of bytes, because asking nodes for their parents is slow. Damaged code gives what can be
found; nothing is raised.
"""

from collections.abc import Iterator

from cloister.core.outline import Definition, FileOutline, SymbolKind
from cloister.core.text import Span
from cloister.syntax.documentation import Documentation
from cloister.syntax.found import FoundDefinition, found_definitions, placed
from cloister.syntax.imports import imports_in
from cloister.syntax.queries import matches, outline_query
from cloister.syntax.tree import ParsedSource

MOST_TYPE_CHARS = 200
MOST_VALUE_CHARS = 80
MOST_SIGNATURE_LINES = 4
MOST_SIGNATURE_CHARS = 2_000


def outline_of(parsed: ParsedSource) -> FileOutline:
    """Return the definitions and imports of a file, in the order of the text."""
    found = matches(parsed, outline_query(parsed.language))
    nodes = [node for _, captures in found for node in captures.get("documentation", ())]
    documentation = Documentation(parsed.encoded, nodes)
    definitions = placed(parsed, found_definitions(found))
    _extend(definitions)
    return FileOutline(
        definitions=tuple(
            _definition(parsed, documentation, each, each.kind)
            for each in _first_fields(definitions)
            if each.kind
        ),
        imports=imports_in(parsed, found),
    )


def _extend(definitions: list[FoundDefinition]) -> None:
    """Give the types of the file the bases that their extensions name."""
    extensions = [each for each in definitions if each.kind is None and each.bases]
    if extensions:
        types = {each.path: each for each in reversed(definitions) if each.kind}
        for each in extensions:
            if extended := types.get(each.path):
                extended.bases += each.bases


def _first_fields(definitions: list[FoundDefinition]) -> Iterator[FoundDefinition]:
    fields = set[tuple[str, ...]]()
    for each in definitions:
        if each.kind is SymbolKind.FIELD:
            if each.path in fields:
                continue
            fields.add(each.path)
        yield each


def _definition(
    parsed: ParsedSource, documentation: Documentation, found: FoundDefinition, kind: SymbolKind
) -> Definition:
    body = found.body.start_byte if found.body else None
    comment = documentation.of(parsed.encoded, found.start, body)
    return Definition(
        name=found.path[-1],
        kind=kind,
        span=_span(parsed, (found.start, found.end)),
        name_span=parsed.span(found.name),
        signature_end=_signature_end(parsed, found, body),
        container=".".join(found.path[:-1]),
        bases=_bases(parsed, found) if found.bases else (),
        type=" ".join(parsed.text(found.type, MOST_TYPE_CHARS).split()) if found.type else "",
        value=parsed.text(found.value, MOST_VALUE_CHARS) if found.value else "",
        documentation=_span(parsed, comment) if comment else None,
    )


def _bases(parsed: ParsedSource, found: FoundDefinition) -> tuple[str, ...]:
    texts = (" ".join(parsed.text(node, MOST_TYPE_CHARS).split()) for node in found.bases)
    return tuple(dict.fromkeys(text for text in texts if text))


def _signature_end(parsed: ParsedSource, found: FoundDefinition, body: int | None) -> int:
    start = parsed.char(found.start)
    end = parsed.char(found.end if body is None else max(body, found.name.end_byte))
    text = parsed.source[start : min(end, start + MOST_SIGNATURE_CHARS)].rstrip()
    if "\n" not in text:
        return start + len(text)
    lines = text.split("\n")
    if body is None:
        lines = lines[:MOST_SIGNATURE_LINES]
    elif comment := parsed.language.line_comment:
        # A comment before the first statement stands before the body.
        while len(lines) > 1 and lines[-1].lstrip().startswith(comment):
            lines.pop()
    return start + len("\n".join(lines).rstrip())


def _span(parsed: ParsedSource, extent: tuple[int, int]) -> Span:
    return Span(parsed.char(extent[0]), parsed.char(extent[1]))
