"""Whatever a file holds: answers lie inside of it, and nothing is raised, in every language."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloister.core.text import Span
from cloister.syntax.bindings import bindings_at, bindings_in
from cloister.syntax.comments import comments_in
from cloister.syntax.injections import injection_at, injections_in
from cloister.syntax.languages import Language, all_languages
from cloister.syntax.outline import outline_of
from cloister.syntax.references import references_in
from cloister.syntax.statements import (
    block_end,
    blocks_in,
    end_before_closer,
    parse_unfinished,
    statement_end,
    statements_in,
)
from cloister.syntax.tree import ParsedSource, parse
from support.marked import CASES

_SOURCES = {
    language.name: "\n".join(
        path.read_bytes().decode("utf-8")
        for path in sorted((CASES / "languages" / language.name).iterdir())
        if path.suffix != ".outline"
    )
    for language in all_languages()
}
_WORDS = st.sampled_from(
    [
        *"{}()[]<>;,.:=#'`@$é日😀aB\"\\\0\n\t\r ",
        *("=>", "->", "//", "/*", "*/", "```", "\r\n", "if", "end", "class", "def", "function"),
        *("import", "use", "let", "var", "return"),
    ]
)
_EVERY_LANGUAGE = pytest.mark.parametrize(
    "language", all_languages(), ids=lambda language: language.name
)


@_EVERY_LANGUAGE
@settings(max_examples=15)
@given(
    text=st.text(st.characters(exclude_categories=[]), max_size=80) | st.lists(_WORDS).map("".join)
)
def test_any_text(language: Language, text: str) -> None:
    check_text(text, language)


@_EVERY_LANGUAGE
@settings(max_examples=15)
@given(data=st.data())
def test_code_that_was_cut_and_shuffled(language: Language, data: st.DataObject) -> None:
    source = _SOURCES[language.name]
    cuts = data.draw(st.lists(st.integers(0, len(source)), min_size=2, max_size=4))
    inserted = data.draw(_WORDS)
    check_text(inserted.join(source[cut : cut + 300] for cut in cuts), language)


def check_text(text: str, language: Language) -> None:
    parsed = parse(text, language)
    found = [*_spans(parsed), *_spans_at(parsed, len(text) // 2)]
    assert [span for span in found if not 0 <= span.start <= span.end <= len(text)] == []
    unfinished = parse_unfinished(text, language)
    for position in range(0, len(text), 10 + len(text) // 10):
        ends = (
            statement_end(unfinished, position),
            block_end(unfinished, position),
            end_before_closer(unfinished, position, 0),
        )
        assert all(end is None or 0 <= end <= len(text) for end in ends)


def _spans(parsed: ParsedSource) -> Iterator[Span]:
    outline = outline_of(parsed)
    for definition in outline.definitions:
        assert definition.name
        yield definition.span
        yield definition.name_span
        yield Span(definition.span.start, definition.signature_end)
        if definition.documentation is not None:
            yield definition.documentation
    yield from (each.span for each in outline.imports)
    yield from (each.span for each in references_in(parsed))
    yield from (each.span for each in injections_in(parsed))
    for binding in bindings_in(parsed):
        assert binding.scope.start <= binding.span.start <= binding.scope.end
        yield binding.span
    yield from comments_in(parsed)
    yield from statements_in(parsed)
    yield from blocks_in(parsed)


def _spans_at(parsed: ParsedSource, offset: int) -> Iterator[Span]:
    yield from (each.scope for each in bindings_at(parsed, offset))
    if injection := injection_at(parsed, offset):
        yield injection.span
