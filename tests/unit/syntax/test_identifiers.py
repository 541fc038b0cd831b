import pytest

from cloister.core.text import Span
from cloister.syntax.identifiers import identifiers_in
from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse


@pytest.mark.parametrize(
    ("language_name", "source", "names"),
    [
        ("python", "self.foo(bar, 'a word', f'{baz} x', None)  # a note", "self foo bar baz"),
        ("python", "from a.b import Foo as Bar", "a b Foo Bar"),
        (
            "typescript",
            "await this.foo(`a ${baz.qux} b`, { key: 1, short })",
            "foo baz qux key short",
        ),
        (
            "go",
            'func (s *Server) Run() error { return s.foo("word", `raw`) } // x',
            "s Server Run error s foo",
        ),
        (
            "rust",
            'pub fn run<T: Foo>(&self) { println!("word {}", self.y) }',
            "run T Foo println y",
        ),
        (
            "java",
            '@Override public String foo(int x) { return bar("w"); } // x',
            "Override String foo x bar",
        ),
        (
            "c",
            "#define LIMIT 3\nint foo(struct bar *x) { return x->field; }",
            "LIMIT foo bar x x field",
        ),
        ("ruby", 'def x(a) = @ivar.call("word #{b}")  # note', "x a call b"),
    ],
)
def test_identifiers_are_found(language_name: str, source: str, names: str) -> None:
    language = language_named(language_name)
    assert language is not None
    found = identifiers_in(parse(source, language), Span(0, len(source)))
    assert [identifier.name for identifier in found] == names.split()
    for identifier in found:
        assert source[identifier.span.start : identifier.span.end] == identifier.name


def test_only_the_asked_for_part_is_read() -> None:
    language = language_named("python")
    assert language is not None
    source = "été = 1\nnaïve = été + other\nlast = 2\n"
    start, end = source.index("naïve"), source.index("last")
    found = identifiers_in(parse(source, language), Span(start, end))
    assert [(it.name, it.span.start) for it in found] == [
        ("naïve", start), ("été", start + 8), ("other", start + 14)
    ]  # fmt: skip


def test_a_huge_line_is_read_in_part() -> None:
    language = language_named("python")
    assert language is not None
    source = "x = [" + ", ".join(f"name{number}" for number in range(30_000)) + "]"
    found = identifiers_in(parse(source, language), Span(0, len(source)))
    assert 0 < len(found) < 30_000
