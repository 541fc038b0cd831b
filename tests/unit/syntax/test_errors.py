"""Where a text is not what its grammar allows."""

import pytest

from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse

CASES = [
    ("python", "def f():\n    return 1\n", 0),
    ("python", "def f():\n    return (1\n", 1),
    ("python", "def f():\n\n\nx = 1\n", 1),
    ("python", "def f():\n    if x:\n    return 1\n", 1),
    ("python", "def f(:\n    pass\n\n\ndef g():\n    return )\n", 2),
    ("python", "def f():\n    # Why.\n        return 1\n", 0),
    ("python", "def f():\n    x = 1\n        return x\n", 1),
    ("python", "x = 1\n    y = 2\n", 1),
    ("python", "from __future__ import annotations\n", 0),
    ("python", "def f():\n    from __future__ import annotations\n", 1),
    ("python", "def f(): x = 1; return x\n", 0),
    ("python", "if x:\n  # Why.\n    y = (1,\n 2)\n    z = 3\nelse:\n        y = 4\n", 0),
    ("python", "match x:\n    case 1:\n        pass\n    case _: pass\n", 0),
    ("javascript", "function f() {}\n", 0),
    ("javascript", "function f() { return }}\n", 1),
    ("go", "package a\n\nfunc F() {\n}\n", 0),
    ("go", "package a\n\nfunc F( {\n}\n", 1),
    ("rust", "fn f() {}\n", 0),
    ("java", "class A { void f() {} }\n", 0),
    ("ruby", "def f\nend\n", 0),
    ("bash", "f() { :; }\n", 0),
    ("lua", "function f() end\n", 0),
]


@pytest.mark.parametrize(("language", "source", "least"), CASES)
def test_errors_are_found_and_nothing_else(language: str, source: str, least: int) -> None:
    errors = syntax_errors(parse(source, language_named(language)))
    assert (len(errors) >= least) if least else errors == []
    assert errors == sorted(errors, key=lambda span: span.start)
