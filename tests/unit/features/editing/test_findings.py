"""What becomes of a review: findings at lines that are there, or a plain refusal."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cloister.core.invisible import has_invisible
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.findings import findings_as_prose, findings_in
from cloister.features.editing.task import Findings

SOURCE = """\
import os

def mean(values):
    total = 0
    for i in range(1, len(values)):
        total += values[i]
    if total: pass
    return total / len(values)

def close(file):
    return total / len(values)
"""
START = SOURCE.index("def mean")
SELECTED = Span(START, SOURCE.index("\n\ndef close"))
LOOP = "LINE: for i in range(1, len(values)):\nWARNING: The first value is left out.\n"
DIVIDES = "LINE: return total / len(values)\nINFORMATION: Without values this raises.\n"
BOTH = ["5 warning The first value is left out.", "8 information Without values this raises."]


@dataclass(frozen=True)
class Case:
    name: str
    answer: str
    found: tuple[str, ...] = tuple(BOTH)


CASES = [
    Case("as asked for", f"{LOOP}\n{DIVIDES}"),
    Case("worst first, shown by line", f"{DIVIDES}\n{LOOP}"),
    Case("prose around", f"Sure! I looked at it.\n\n{LOOP}\nAnd:\n\n{DIVIDES}\nHope this helps!"),
    Case("in a fence", f"```\n{LOOP}{DIVIDES}```"),
    Case("thoughts first", f"<think>LINE: total = 0\nWARNING: no</think>{LOOP}{DIVIDES}"),
    Case("carriage returns", f"{LOOP}\n{DIVIDES}".replace("\n", "\r\n")),
    Case("twice the same", f"{LOOP}{LOOP}{DIVIDES}"),
    Case(
        "bold, in lists and with quotes",
        "1. **LINE:** `for i in range(1, len(values)):`\n"
        "   **WARNING:** The first value is left out.\n"
        "2. **LINE 8**: `return total / len(values)`\n"
        "   - _INFORMATION:_ Without values this raises.\n",
    ),
    Case(
        "other words for how bad it is",
        f"{LOOP.replace('WARNING', 'Error')}{DIVIDES.replace('INFORMATION', 'Note')}",
    ),
    Case(
        "parts of lines",
        "LINE: range(1, len(values))\nWARNING: The first value is left out.\n"
        "LINE: total / len(values)\nINFORMATION: Without values this raises.\n",
    ),
    Case("a line that is not there", f"{LOOP}LINE: x = eval(y)\nWARNING: Never.\n{DIVIDES}"),
    Case("a line outside", f"{LOOP}LINE: import os\nWARNING: Unused.\n{DIVIDES}"),
    Case("a short part", f"{LOOP}LINE: pass\nWARNING: Useless.\n{DIVIDES}"),
    Case("a part of several lines", f"{LOOP}LINE: len(values)\nWARNING: Slow.\n{DIVIDES}"),
    Case("punctuation for a line", f"{LOOP}LINE: ):\nWARNING: Odd.\n{DIVIDES}"),
    Case("no sentence", f"{LOOP}LINE: total = 0\nWARNING:\n{DIVIDES}"),
    Case("no line", f"{LOOP}WARNING: All of it is bad.\n{DIVIDES}"),
    Case("two sentences for a line", f"{LOOP}WARNING: Another one.\n{DIVIDES}"),
    Case("cut off", f"{LOOP}{DIVIDES}LINE: total ="),
    Case("the example repeated", f"LINE: average = total / count\nWARNING: x y\n{LOOP}{DIVIDES}"),
    Case("nothing as well", f"{LOOP}{DIVIDES}NOTHING"),
    Case("nothing", "NOTHING", ()),
    Case("nothing, in other words", "The code is fine.\n\n**Nothing.**", ()),
    Case(
        "what could be followed or hidden",
        "LINE: total = 0\nWARNING: See [it](https://evil.example/x), www.evil.example "
        "\u202e\x1b[1m\n",
        ("4 warning See [it](link) (link) \\u202e\\x1b[1m",),
    ),
    Case(
        "a very long sentence",
        f"LINE: total = 0\nWARNING: {'bad ' * 400}\n",
        (f"4 warning {('bad ' * 400)[:300]}…",),
    ),
    Case(
        "very many",
        "".join(f"LINE: total = 0\nWARNING: No {number}.\n" for number in range(50)),
        tuple(f"4 warning No {number}." for number in range(20)),
    ),
]
REFUSED = {
    "empty": "",
    "only thoughts": "<think>LINE: total = 0\nWARNING: no",
    "a refusal": "I'm sorry, but I can't help with that.",
    "prose": "The loop leaves out the first value, and nothing is checked.",
    "the form repeated": "LINE: one line of the code\nWARNING: what is wrong with it",
    "only lines that are not there": "LINE: x = eval(y)\nWARNING: Never.",
    "far too much": LOOP * 10_000,
    "numbers of lines": "Line 5: The first value is left out.",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_findings_stand_at_lines_that_are_there(case: Case) -> None:
    assert shown(findings_in(case.answer, Text(SOURCE), SELECTED)) == list(case.found)


@pytest.mark.parametrize("name", REFUSED)
def test_what_names_no_line_is_refused(name: str) -> None:
    with pytest.raises(RefusedAnswerError):
        findings_in(REFUSED[name], Text(SOURCE), SELECTED)


def test_a_finding_is_about_the_whole_line_without_its_indentation() -> None:
    (found, _) = findings_in(f"{LOOP}{DIVIDES}", Text(SOURCE), SELECTED).found
    assert SOURCE[found.span.start : found.span.end] == "for i in range(1, len(values)):"


def test_who_cannot_show_findings_gets_a_document() -> None:
    prose = findings_as_prose(findings_in(LOOP, Text(SOURCE), SELECTED), Text(SOURCE))
    assert prose.markdown == "- Line 5, warning: The first value is left out.\n"
    assert findings_as_prose(Findings(SELECTED), Text(SOURCE)).markdown == (
        "The model found nothing.\n"
    )


WORDS = st.sampled_from(
    ["LINE:", "WARNING:", "NOTE :", "\n", "\r", " ", "`", "**", "NOTHING", "import os", "total = 0"]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=40).map("".join)
SOURCES = st.lists(st.one_of(st.just("x = 1\r\n"), st.text(max_size=12)), max_size=10).map("".join)


@given(answer=TEXTS, source=st.one_of(st.just(SOURCE), SOURCES), data=st.data())
@example(LOOP, SOURCE, None)
def test_whatever_a_model_says_findings_are_plain_and_lie_in_the_selection(
    answer: str, source: str, data: st.DataObject | None
) -> None:
    text = Text(source)
    ends = (
        [0, len(source)] if data is None else [data.draw(place(source)), data.draw(place(source))]
    )
    span = Span(min(ends), max(ends))
    try:
        findings = findings_in(answer, text, span)
    except RefusedAnswerError:
        return
    lines = range(text.line_of(span.start), text.line_of(span.end) + 1)
    for it in findings.found:
        assert text.line_of(it.span.start) in lines
        assert source[it.span.start : it.span.end] == text.line(text.line_of(it.span.start)).strip()
        assert not has_invisible(it.message)
        assert "\n" not in it.message
        assert len(it.message) <= 301


def place(source: str) -> "st.SearchStrategy[int]":
    return st.integers(0, len(source))


def shown(findings: Findings) -> list[str]:
    """Return findings with their lines counted from 1."""
    text = Text(SOURCE)
    return [
        f"{text.line_of(it.span.start) + 1} {it.severity} {it.message}" for it in findings.found
    ]
