import pytest

from cloister.syntax.injections import injection_at
from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse
from support.marked import cursor


@pytest.mark.parametrize(
    ("language", "marked", "expected"),
    [
        ("markdown", "# A\n\n```python\nx = ║1\n```\n", "python"),
        ("markdown", "# A\n\n```py\nx = ║1\n```\n", "python"),
        ("markdown", "# A\n\n```Rust\nlet x = ║1;\n```\n", "rust"),
        ("markdown", "# A\n\n```unheard\nx = ║1\n```\n", None),
        ("markdown", "# A║\n\n```python\nx = 1\n```\n", None),
        ("html", "<p>║</p><script>let x = 1;</script>", None),
        ("html", "<p></p><script>let é = ║1;</script>", "javascript"),
        ("html", "<style>p { color: ║red; }</style>", "css"),
        ("python", "x = ║1", None),
    ],
)
def test_the_language_at_a_place(language: str, marked: str, expected: str | None) -> None:
    text, offset = cursor(marked)
    found = language_named(language)
    assert found is not None
    injection = injection_at(parse(text, found), offset)
    known = injection.language if injection else None
    assert (known.name if known else None) == expected


def test_an_unknown_language_keeps_its_name() -> None:
    markdown = language_named("markdown")
    assert markdown is not None
    injection = injection_at(parse("```unheard\nx = 1\n```\n", markdown), 13)
    assert injection is not None
    assert (injection.name, injection.language) == ("unheard", None)
