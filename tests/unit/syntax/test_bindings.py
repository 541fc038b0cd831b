import pytest

from cloister.core.outline import Binding
from cloister.syntax.bindings import bindings_at
from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse
from support.marked import cursor


def check_bindings(marked: str, expected: str, language: str = "python") -> None:
    text, offset = cursor(marked)
    found = language_named(language)
    assert found is not None
    bindings = bindings_at(parse(text, found), offset)
    assert " ".join(_shown(each) for each in bindings) == expected


def _shown(binding: Binding) -> str:
    kind = f":{binding.type}" if binding.type else ""
    return f"{binding.name}{kind}" + (f"={binding.value}" if binding.value else "")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("x = 1\n║", ""),
        ("def f(a, b: int = 2):\n    c = g()\n    ║", "a b:int=2 c=g()"),
        ("def f(a):\n    return a║", "a"),
        ("def f(a):\n    return a\n║", ""),
        ("def f(a):\n    return a\n\n    ║\n\ndef g(b):\n    pass", "a"),
        ("def f(a):\n    return a\n\n║\n\ndef g(b):\n    pass", ""),
        ("class A:\n    def f(self):\n        x = 1\n        ║\n    def g(self): pass", "self x=1"),
        ("class A:\n    def f(self):\n        x = 1\n    ║\n    def g(self): pass", ""),
        ("def f(a):\n    def g(b):\n        ║\n        c = 1\n    d = 2", "a d=2 b c=1"),
        ("def f(a):\n    [(b, ║) for b in a]", "a b"),
        ("def f(é):\n    ü = '日本'\n    ║", "é ü='日本'"),
        ("def f(a):\n    x = a.║", "a"),
    ],
)
def test_what_is_known_at_a_place(marked: str, expected: str) -> None:
    check_bindings(marked, expected)


def test_a_cursor_on_the_line_after_a_block_with_braces_is_outside() -> None:
    check_bindings("function f(a) {\n  g(a);\n}\n║", "", "javascript")
    check_bindings("function f(a) {\n  ║\n}\n", "a", "javascript")
