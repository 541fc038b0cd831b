"""A variable is inlined where that provably changes nothing, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.edit import edited
from cloister.syntax.inlining import has_value, inlined
from cloister.syntax.languages import language_named
from cloister.syntax.local_names import local_name_at
from cloister.syntax.plain_code import SURE_LANGUAGES
from cloister.syntax.tree import parse
from support.marked import CASES

FOLDER = CASES / "local_names"


def cases(path: Path) -> list[tuple[str, str]]:
    """Return the language and the text of every case in a file."""
    blocks = path.read_text(encoding="utf-8").split("//- ")[1:]
    parts = (block.partition("\n") for block in blocks)
    return [(title.partition(":")[0], text) for title, _, text in parts]


@pytest.mark.parametrize(("language", "case"), cases(FOLDER / "inlined.txt"))
def test_the_value_takes_the_variables_place(language: str, case: str) -> None:
    before, _, after = case.partition("~~>\n")
    assert result(language, before) == after


@pytest.mark.parametrize(("language", "case"), cases(FOLDER / "not_inlined.txt"))
def test_what_might_change_something_is_left(language: str, case: str) -> None:
    assert result(language, case) is None


STATEMENTS = (
    "x = {v}", "a = a + 1", "b = 2", "log.append(a)", "a, b = b, a", "x += 1",
    "use({u})", "y = {u}", "if {u}: use({u})", "for b in (1, 2): use({u}, b)",
    "if b > 2: use({u})", "while b > 2: return {u}", "a and use({u})",
    "use(b, {u})", "use([{u} for a in (1, 2)])", "use((lambda: {u})())", "y = note(3) + {u}",
)  # fmt: skip
VALUES = (
    "1", "-1", "a", "a + b", "note(a)", "b if a else 3", "not a", "log[-1]", "len(log)", "log[a]",
    "a // (a - 1)",
)  # fmt: skip
USES = ("x", "x * 2", "-x", "x if a else b", "note(x)", "a or x", "x == b")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return a function whose statements show in which order what is evaluated."""
    lines = ["    x = " + draw(st.sampled_from(VALUES))]
    for _ in range(draw(st.integers(1, 4))):
        statement = draw(st.sampled_from(STATEMENTS))
        value, use = draw(st.sampled_from(VALUES)), draw(st.sampled_from(USES))
        lines.append("    " + statement.format(v=value, u=use))
    return "\n".join(("def f(a, b, log, note, use):", *lines, "    return log, a, b", ""))


@given(programs())
def test_a_python_function_does_the_same_without_the_variable(source: str) -> None:
    after = inlined_at(source, source.index("x ="), "python")
    if after is not None:
        assert done(after) == done(source)


def done(source: str) -> object:
    """Return what a function of the law does and returns, or how it fails."""
    log: list[object] = [0]

    def note(value: object) -> int:
        log.append(("note", value))
        return len(log)

    def use(*values: object) -> None:
        log.append(("use", *values))

    names: dict[str, object] = {}
    exec(compile(source, "a.py", "exec"), names)  # noqa: S102  # made of the words above
    try:
        return names["f"](1, 2, log, note, use)  # type: ignore[operator]  # it is a function
    except (IndexError, NameError, TypeError, ZeroDivisionError) as error:
        return type(error), log


PIECES = st.sampled_from(
    (
        *("x", "y", " = ", "(", ")", "{", "}", ":", ";", ",", ".", "\n", "\n    ", "'", "#", "é"),
        *("def f(x):", "function f(x) ", "let x", "return x", "for x in ", "fn f(x: T)", "x := 1"),
    )
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(sorted(SURE_LANGUAGES)))
def test_any_text_is_looked_at_without_an_error(source: str, name: str) -> None:
    language = language_named(name)
    assert language is not None
    parsed = parse(source, language)
    for offset in range(len(source) + 1):
        local = local_name_at(parsed, offset)
        if local is not None:
            spans = [(it.span.start, it.span.end) for it in local.uses]
            assert spans == sorted(set(spans))
            assert {source[start:end] for start, end in spans} == {local.name}
            if edits := inlined(parsed, local):
                assert edited(source, edits) != source


def test_names_of_other_kinds_have_no_value_of_their_own() -> None:
    for source in ("def f(║a):\n    return a\n", "def f(b):\n    for ║a in b:\n        g(a)\n"):
        offset = source.index("║")
        parsed = parse(source.replace("║", ""), language_named("python"))
        local = local_name_at(parsed, offset)
        assert local is not None
        assert not has_value(parsed, local)


def result(language: str, marked: str) -> str | None:
    return inlined_at(marked.replace("║", ""), marked.index("║"), language)


def inlined_at(source: str, offset: int, name: str) -> str | None:
    """Return the source without the variable at `offset`; None where that is not safe."""
    language = language_named(name)
    assert language is not None
    parsed = parse(source, language)
    local = local_name_at(parsed, offset)
    edits = inlined(parsed, local) if local else None
    return None if edits is None else edited(source, edits)
