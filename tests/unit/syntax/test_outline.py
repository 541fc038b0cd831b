"""Bounds and rules of outlines that hold for every language; what is found is told by cases."""

import pytest

from cloister.core.outline import Definition
from cloister.syntax import found, outline
from cloister.syntax.languages import language_named
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse


def definitions(source: str, language: str = "python") -> tuple[Definition, ...]:
    known = language_named(language)
    assert known is not None
    return outline_of(parse(source, known)).definitions


_LONG_IMPORTS = (
    "import {{ {} }} from 'm'",
    "export {{ {} }} from 'm'",
    "const {{ {} }} = require('m')",
)


@pytest.mark.parametrize(
    ("language", "statement"),
    [
        ("python", "from m import ({})"),
        *((name, each) for name in ("javascript", "typescript", "tsx") for each in _LONG_IMPORTS),
    ],
)
def test_no_name_of_a_long_import_is_lost(language: str, statement: str) -> None:
    known = language_named(language)
    assert known is not None
    names = [f"name{n}" for n in range(3_000)]
    parsed = parse(statement.format(", ".join(names)), known)
    assert [(each.module, each.name) for each in outline_of(parsed).imports] == [
        ("m", name) for name in names
    ]


def test_too_many_definitions_are_cut() -> None:
    many = definitions("def f(): pass\n" * 25_000)
    assert len(many) == found.MOST_DEFINITIONS
    assert many[0].span.start == 0


def test_definitions_nested_without_end_are_cut() -> None:
    nested = "".join(f"{' ' * level}class A:\n" for level in range(found.MOST_DEPTH + 10))
    many = definitions(nested)
    assert len(many) == found.MOST_DEPTH
    assert many[-1].container.count(".") == found.MOST_DEPTH - 2


def test_long_texts_are_cut() -> None:
    (function,) = definitions(f"def f(a{', b: int' * 1000}) -> T[{'integer, ' * 1000}]: pass")
    assert function.signature_end == outline.MOST_SIGNATURE_CHARS
    assert len(function.type) <= outline.MOST_TYPE_CHARS
    (variable,) = definitions(f"x = [{'1, ' * 1000}]")
    assert len(variable.value) == outline.MOST_VALUE_CHARS
    (lines,) = definitions("x = [\n" + "    1,\n" * 1000 + "]")
    assert "x = [\n    1,\n    1,\n    1,"[: lines.signature_end].count("\n") == 3
    (name,) = definitions("a" * 1000 + " = 1")
    assert len(name.name) == found.MOST_NAME_CHARS


def test_an_extension_gives_its_bases_to_the_type_of_the_file() -> None:
    struct, method = definitions(
        "struct Point;\nimpl fmt::Display for Point {\n    fn fmt(&self) {}\n}\n", "rust"
    )
    assert struct.bases == ("fmt::Display",)
    assert (method.container, method.name, method.kind) == ("Point", "fmt", "method")


def test_only_the_first_assignment_of_a_field_counts() -> None:
    names = [each.name for each in definitions("class A:\n  x: int\n  def f(self): self.x = 1\n")]
    assert names == ["A", "x", "f"]


def test_a_comment_documents_what_follows_it_at_once() -> None:
    def documented(source: str) -> str | None:
        span = definitions(source)[-1].documentation
        return source[span.start : span.end] if span else None

    assert documented("# one\nx = 1") == "# one"
    assert documented("# one\n# two\nx = 1") == "# one\n# two"
    assert documented("# one\n\nx = 1") is None
    assert documented("y = 2  # one\nx = 1") is None
    assert documented("# one\r\nx = 1") == "# one"
    assert documented("def f():\n    # one\n    'two'") == "'two'"
    assert documented("# one\ndef f():\n    'two'") == "'two'"
    assert documented("# one\n@decorated\ndef f(): pass") == "# one"
