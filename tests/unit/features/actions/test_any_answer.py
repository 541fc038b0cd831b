"""Whatever a model says: nothing outside of its place changes, and every edit can be taken back.

What surrounds the place may only get whole lines of imports, above it.
"""

import re
from functools import cache
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit, edited, inverse
from cloister.core.text import Span, Text
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.checks import ONLY_DOCUMENTATION, ONLY_SIGNATURE, Promise
from cloister.features.editing.imports import import_statements
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.features.editing.snippet import as_file
from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import language_named
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse
from support.action_cases import FIRST_CLASS, cases_of

NEWLINES = ("\n", "\r\n")
ANYTHING = Promise(signature=False, comments=False, definitions=False)
PROMISES = (ANYTHING, ANYTHING, Promise(), ONLY_DOCUMENTATION, ONLY_SIGNATURE)
STRANGE = (
    "```",
    "~~~",
    "````python",
    "<<<<<<< SEARCH",
    "=======",
    ">>>>>>> REPLACE",
    "<think>",
    "</think>",
    "...",
    "// ... existing code ...",
    "Here you are:",
    "<?php",
    "?>",
    "{",
    "}",
    "end",
    '"""',
    "\u202e\u2066",
    "\x1b[31m",
    "\u2028",
    "\ufeff",
    "\r",
    "\f",
    "\ud800",
    "é 😀",
    "",
    "\t",
    "    ",
)


@cache
def lines_of(language: str) -> list[str]:
    """Return lines that models might write: the file's, its answers', and some of Python's."""
    cases = cases_of(language)
    answers = [line for case in cases.cases for line in case.answer.split("\n")]
    others = cases_of("python").source.split("\n")[::5]
    return [*dict.fromkeys([*cases.source.split("\n"), *answers, *others, *STRANGE])]


@cache
def imports_of(language: str) -> list[str]:
    """Return what the answers of a language import."""
    known = language_named(language)
    codes = (as_file(case.answer, known) for case in cases_of(language).cases)
    found = (it.text for code in codes for it in import_statements(code, known))
    return [*dict.fromkeys(found)] or [""]


@cache
def spans_of(language: str, newline: str) -> list[Span]:
    """Return the definitions of the language's file."""
    source = cases_of(language).source.replace("\n", newline)
    return [it.span for it in outline_of(parse(source, language_named(language))).definitions]


@st.composite
def targets(draw: st.DrawFn, language: str) -> Target:
    newline = draw(st.sampled_from(NEWLINES))
    text = Text(cases_of(language).source.replace("\n", newline))
    span = draw(st.sampled_from(spans_of(language, newline)))
    document = DocumentSnapshot("file:///x", Path("/x"), language, 1, text)
    promise = draw(st.sampled_from(PROMISES))
    return Target(document, whole_lines(text, span), language_named(language), promise)


@st.composite
def rewritten(draw: st.DrawFn, language: str, target: Target) -> str:
    """Return the target's code with a few changes, as models rewrite it."""
    lines = target.code.replace("\r\n", "\n").split("\n")
    others = st.sampled_from(lines_of(language))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        space = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        words = re.findall(r"[a-z]\w+", lines[at]) or ["it"]
        word = draw(st.sampled_from(words))
        lines[at : at + 1] = draw(
            st.sampled_from(
                [
                    [f"{space}{target.language.line_comment} why", lines[at]],
                    [lines[at].replace(word, f"{word}_2")],
                    [lines[at], lines[at]],
                    [],
                ]
            )
            | others.map(lambda other: [other, lines[at]])  # noqa: B023  # drawn at once
        )
        lines = lines or [""]
    return "\n".join(lines)


@st.composite
def answers(draw: st.DrawFn, language: str, target: Target, form: AnswerFormat) -> str:
    anything = st.lists(st.sampled_from(lines_of(language)), max_size=25).map("\n".join)
    whole = st.one_of(
        *3 * [rewritten(language, target)],
        st.tuples(st.sampled_from(imports_of(language)), rewritten(language, target)).map(
            "\n\n".join
        ),
        anything,
    )
    code = draw(whole)
    if form is AnswerFormat.BLOCKS:
        lines = target.code.replace("\r\n", "\n").split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        code = f"<<<<<<< SEARCH\n{lines[at]}\n=======\n{code}\n>>>>>>> REPLACE\n"
    shapes = ["{}", "```\n{}\n```", "Sure:\n\n~~~\n{}\n~~~\nDone.", "```\n{}"]
    moved = draw(st.sampled_from([code, dedent(code), indent(code, "    "), indent(code, "\t")]))
    answer = draw(st.sampled_from(shapes)).format(moved)
    return draw(st.sampled_from([answer, answer.replace("\n", "\r\n")]))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", FIRST_CLASS)
@settings(max_examples=60)
@given(data=st.data())
def test_only_the_place_changes_and_everything_can_be_taken_back(
    language: str, data: st.DataObject
) -> None:
    target = data.draw(targets(language))
    form = data.draw(st.sampled_from(AnswerFormat))
    answer = data.draw(answers(language, target, form))
    before = target.document.text.value
    try:
        edits = proposed_edits(answer, target, form)
    except RefusedAnswerError:
        return
    after = edited(before, edits)
    assert edited(after, inverse(before, edits)) == before
    assert after.endswith(before[target.span.end :])
    imports = [it for it in edits if it.span.end <= target.span.start and is_import(it, target)]
    inside = [it for it in edits if it not in imports]
    assert all(
        target.span.start <= it.span.start <= it.span.end <= target.span.end for it in inside
    )
    assert after.count("\n") == after.count(line_end(target))
    assert n_errors(after, target) <= n_errors(before, target)


def is_import(edit: TextEdit, target: Target) -> bool:
    """Return whether an edit adds nothing but whole lines that import something."""
    before, newline = target.document.text.value, line_end(target)
    ends_line = edit.span.start in (0, len(before)) or before[: edit.span.start].endswith("\n")
    code = edit.text.replace("\r\n", "\n")
    if target.language.name == "go":
        code = re.sub(r"(?m)^\t(?=.*\")", "import ", code)
    found = import_statements(as_file(code, target.language), target.language)
    texts = "".join("".join(it.text.split()) for it in found)
    is_whole = ends_line and edit.text.endswith(newline) and edit.span.start == edit.span.end
    return is_whole and "".join(code.split()) == texts


def n_errors(source: str, target: Target) -> int:
    return len(syntax_errors(parse(source, target.language)))


def line_end(target: Target) -> str:
    return "\r\n" if "\r\n" in target.document.text.value else "\n"
