"""All places of a local name, language by language, or why they are not sure.

In a case `⟨x⟩` is a place that has to be found and `║` the cursor; an `x` without brackets is
another name of the same spelling.
"""

import dis
import types
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.edit import TextEdit, edited
from cloister.syntax.languages import Language, language_named
from cloister.syntax.local_names import LocalName, local_name_at
from cloister.syntax.local_scopes import Doubt
from cloister.syntax.plain_code import SURE_LANGUAGES
from cloister.syntax.tree import parse
from support.marked import CASES

PLACES = [
    (title.partition(":")[0], marked)
    for block in (CASES / "local_names/places.txt").read_text(encoding="utf-8").split("//- ")[1:]
    for title, _, marked in (block.partition("\n"),)
]


@pytest.mark.parametrize(("language", "marked"), PLACES)
def test_every_place_is_found_and_no_other(language: str, marked: str) -> None:
    source, wanted = taken_apart(marked)
    local = local_at(language, marked)
    assert local is not None
    assert local.doubt is None
    assert [source[it.span.start : it.span.end] for it in local.uses] == [local.name] * len(wanted)
    assert [it.span.start for it in local.uses] == wanted


def test_every_sure_language_has_a_case() -> None:
    assert {language for language, _ in PLACES} == SURE_LANGUAGES


DOUBTS = [
    ("python", "def f(║x):\n    return x\n", Doubt.CALLERS),
    ("python", "class A:\n    def f(self, ║x):\n        return x\n", Doubt.CALLERS),
    ("python", "def f(a):\n    def h(║x): return x\n    return h\n", Doubt.CALLERS),
    ("python", "def f(a):\n    def h(║x): return x\n    return h(**a)\n", Doubt.CALLERS),
    ("python", "def f(a):\n    return lambda ║x: x\n", Doubt.CALLERS),
    ("python", "def f(a):\n    return (lambda ║x: x)(x=a)\n", Doubt.CALLERS),
    ("python", "def f():\n    @d\n    def h(║x): return x\n    return h(1)\n", Doubt.CALLERS),
    ("python", "def f(a):\n    ║x = 1\n    return f'{x=}'\n", Doubt.UNCLEAR),
    ("python", "def f(a):\n    ║x = 1\n    return locals()\n", Doubt.UNCLEAR),
    ("python", "def f(a):\n    ║x = 1\n    def g():\n        nonlocal x\n", Doubt.UNCLEAR),
    ("python", "def f():\n    global x\n    ║x = 1\n", Doubt.UNCLEAR),
    ("python", "def f():\n    ║x = 1\n    class A:\n        x = x\n", Doubt.UNCLEAR),
    ("python", "def f():\n    import x\n    ║x = 1\n", Doubt.UNCLEAR),
    ("python", "def f():\n    ║x = [x for x in x]\n", Doubt.UNCLEAR),
    ("javascript", "function f(║x) { return eval('x'); }\n", Doubt.UNCLEAR),
    ("typescript", "class A { constructor(private ║x: number) {} }\n", Doubt.CALLERS),
    ("go", "package a\nfunc f(║x int) T {\n\treturn T{x: x}\n}\n", Doubt.UNCLEAR),
    ("go", "package a\nfunc f() {\n\tif ║x := x(); x { }\n}\n", Doubt.UNCLEAR),
    ("rust", 'fn f(║x: i32) {\n    println!("{x}");\n}\n', Doubt.UNCLEAR),
    ("rust", "fn f(v: V) {\n    for ║x in x.iter() { g(x); }\n}\n", Doubt.UNCLEAR),
    ("rust", "fn f(║x: i32) {\n    m!(x = 1);\n}\n", Doubt.UNCLEAR),
    ("java", "class A { void f() { g(x); int ║x = 1; } }\n", Doubt.UNCLEAR),
    (
        "java",
        "class A { void f(int ║x) { new B() { int g() { return x; } }; } }\n",
        Doubt.UNCLEAR,
    ),
    ("python", "y = [x for ║x in x.b]\n", Doubt.UNCLEAR),
    ("c", "#define SHOW \\\n  g(x)\nint f(int ║x) {\n  SHOW;\n}\n", Doubt.UNCLEAR),
    ("c", "int f(int ║x) {\n#define SHOW g(x)\n  SHOW;\n}\n", Doubt.UNCLEAR),
    ("c", "int f(int ║x) {\n  SHOW(1);\n  return x;\n}\n", Doubt.UNCLEAR),
    ("cpp", "void f() {\n  A ║x(b);\n}\n", Doubt.UNCLEAR),
    ("cpp", "auto f(int ║x) -> decltype(g(x));\n", Doubt.UNCLEAR),
    ("cpp", "struct API a {\n  int ║x;\n};\n", Doubt.UNCLEAR),
    ("java", "class A { <T> void f(T ║x) { g(x; } }\n", Doubt.UNCLEAR),
    ("tsx", "const f = ({║jsx}) => <b/>;\n", Doubt.UNCLEAR),
    ("rust", 'fn f() {\n    let ║x = 1;\n    println!("{:x$}", 2);\n}\n', Doubt.UNCLEAR),
    ("c", "int f() {\n  extern int ║x;\n  return x;\n}\n", Doubt.UNCLEAR),
    ("cpp", "void f(int ║x) { auto g = [x = x] { return x; }; }\n", Doubt.UNCLEAR),
    ("java", "class A { void f(int ║x) { switch (a) { case x -> g(); } } }\n", Doubt.UNCLEAR),
    (
        "java",
        "class A { int f(Object a) { if (!(a instanceof B ║x)) return 1; return x.c(); } }\n",
        Doubt.UNCLEAR,
    ),
    ("rust", "fn f() {\n    let ║x = 1;\n    quote! { let x = #x; }\n}\n", Doubt.UNCLEAR),
    ("rust", 'fn f(║x: i32) {\n    info!(x, "a");\n}\n', Doubt.UNCLEAR),
    ("c", "int f(T *║x) {\n  return list_entry(x, T, y);\n}\n", Doubt.UNCLEAR),
    ("c", 'int f(int ║x) {\n  asm("%[x]" : [x] "=r"(x));\n}\n', Doubt.UNCLEAR),
    (
        "cpp",
        "int f(int ║x) { struct A { int x; int g() { return x; } }; return x; }\n",
        Doubt.UNCLEAR,
    ),
    ("ruby", "def f(a)\n  ║x = a\nend\n", Doubt.LANGUAGE),
    ("c_sharp", "class A { int F(int ║x) { return x; } }\n", Doubt.LANGUAGE),
]


@pytest.mark.parametrize(("language", "marked", "doubt"), DOUBTS)
def test_what_is_not_sure_is_a_doubt(language: str, marked: str, doubt: Doubt) -> None:
    local = local_at(language, marked)
    assert local is not None
    assert local.doubt is doubt


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("python", "║x = 1\n"),
        ("python", "class A:\n    ║x = 1\n"),
        ("python", "def f():\n    return ║x\n"),
        ("python", "def ║f():\n    pass\n"),
        ("python", "def f():\n    x = '║x'\n"),
        ("javascript", "const ║x = 1;\n"),
        ("typescript", "namespace a {\n  export const ║x = 1;\n}\n"),
        ("go", "package a\nvar ║x = 1\n"),
        ("c", "int ║x;\n"),
        ("python", "║"),
    ],
)
def test_other_names_are_not_local(language: str, marked: str) -> None:
    assert local_at(language, marked) is None


WORDS = ("x", "y", "f", "g", "h")
VALUES = st.sampled_from(("1", "x", "y", "x + y", "g(x)", "y.x", "[x for x in y]", "lambda x: x"))


@st.composite
def functions(draw: st.DrawFn) -> str:
    """Return a Python function in which a few names are bound and used in many ways."""
    lines = [f"def f({', '.join(draw(st.sets(st.sampled_from(('x', 'y')))))}):"]
    for _ in range(draw(st.integers(1, 6))):
        name, value = draw(st.sampled_from(WORDS)), draw(VALUES)
        form = draw(
            st.sampled_from(
                (
                    "    {n} = {v}",
                    "    for {n} in {v}: h({n})",
                    "    def {n}({n}, y=1): return {v}",
                    "    if {v}: {n} = {v}",
                    "    return {n}",
                    "    with {v} as {n}: g({n}=x)",
                    "    g({v}, x={n})",
                    "    del {n}",
                )
            )
        )
        lines.append(form.format(n=name, v=value))
    return "\n".join((*lines, ""))


@given(functions())
def test_python_reads_a_renamed_variable_as_before(source: str) -> None:
    try:
        before = list(instructions(compile(source, "a.py", "exec")))
    except SyntaxError:
        return
    for offset in range(len(source)):
        local = local_name_at(parse(source, language("python")), offset)
        if local is not None and local.doubt is None:
            after = edited(source, (TextEdit(it.span, f"{local.name}0") for it in local.uses))
            assert list(instructions(compile(after, "a.py", "exec"))) == before


def instructions(code: types.CodeType) -> Iterator[tuple[str, str]]:
    """Yield what a program does; variables without a nought at their end."""
    for it in dis.get_instructions(code):
        is_variable = any(part in it.opname for part in ("FAST", "DEREF", "CLOSURE", "CELL"))
        if isinstance(it.argval, types.CodeType):
            yield from instructions(it.argval)
        elif not it.opname.startswith(("LOAD_CONST", "KW_NAMES", "POP_JUMP", "FOR_ITER")):
            said = str(it.argval)
            yield it.opname, said.rstrip("0") if is_variable else said


def local_at(name: str, marked: str) -> LocalName | None:
    source = marked.replace("⟨", "").replace("⟩", "")
    offset = source.index("║")
    return local_name_at(parse(source.replace("║", ""), language(name)), offset)


def language(name: str) -> Language:
    found = language_named(name)
    assert found is not None
    return found


def taken_apart(marked: str) -> tuple[str, list[int]]:
    """Return the text of a case, and where its places start."""
    text, starts = "", []
    for char in marked.replace("║", ""):
        if char == "⟨":
            starts.append(len(text))
        elif char != "⟩":
            text += char
    return text, starts
