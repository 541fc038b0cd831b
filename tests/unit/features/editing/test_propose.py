"""What becomes of answers: each misbehaviour of a model ends as a right edit or a plain refusal."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited, inverse
from cloister.core.text import Span, Text
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.checks import Promise
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.syntax.languages import language_named

SHOP = """\
import math

LIMIT = 3


class Shop:
    # Prices are in cents.
    def total(self, prices):
        # No taxes yet.
        result = 0
        for price in prices:
            result = result + price
        return result

    def close(self):
        return None
"""
METHOD = SHOP[SHOP.index("    def total") : SHOP.index("\n\n    def close")]
SUMMED = """\
def total(self, prices):
    # No taxes yet.
    return sum(prices)
"""
NEW_METHOD = """\
    def total(self, prices):
        # No taxes yet.
        return sum(prices)"""
WANTED = SHOP.replace(METHOD, NEW_METHOD)


def target_of(source: str, wanted: str, language: str = "python", **promise: bool) -> Target:
    start = source.index(wanted)
    text = Text(source)
    document = DocumentSnapshot("file:///x", Path("/x"), language, 1, text)
    span = whole_lines(text, Span(start, start + len(wanted)))
    return Target(document, span, language_named(language), Promise(**promise))


def fenced(code: str, language: str = "python") -> str:
    code = code if code.endswith("\n") or not code else f"{code}\n"
    return f"```{language}\n{code}```\n"


def indented(code: str, by: str) -> str:
    return "".join(by + line if line.strip() else line for line in code.splitlines(keepends=True))


@dataclass(frozen=True)
class Case:
    name: str
    answer: str
    refusal: str = ""
    result: str = WANTED


CASES = [
    Case("as asked for", fenced(SUMMED)),
    Case("prose around", f"Sure! Here it is:\n\n{fenced(SUMMED)}\nIt uses `sum`."),
    Case("no fence", SUMMED),
    Case("fence without language", fenced(SUMMED, "")),
    Case("tildes", f"~~~python\n{SUMMED}~~~"),
    Case("fence never closed", f"```python\n{SUMMED}"),
    Case("longer fence", f"````python\n{SUMMED}````\n"),
    Case("indented as in the file", fenced(indented(SUMMED, "    "))),
    Case("indented too far", fenced(indented(SUMMED, " " * 12))),
    Case("first line without indentation", fenced(indented(SUMMED, "    ").lstrip())),
    Case("two spaces a level", fenced(SUMMED.replace("    ", "  "))),
    Case("tabs", fenced(SUMMED.replace("    ", "\t"))),
    Case("carriage returns", fenced(SUMMED).replace("\n", "\r\n")),
    Case("thoughts first", f"<think>\n```python\nx = 1\n```\n</think>\n{fenced(SUMMED)}"),
    Case("blank lines around", fenced(f"\n\n{SUMMED}\n\n")),
    Case("the class around it", fenced(f"class Shop:\n{indented(SUMMED, '    ')}")),
    Case("the old version as well", f"Before:\n{fenced(METHOD)}\nAfter:\n{fenced(SUMMED)}"),
    Case("the same twice", f"{fenced(SUMMED)}\nOnce more:\n{fenced(SUMMED)}"),
    Case("the same ten times", f"{fenced(SUMMED)}\nIn other words:\n" * 10),
    Case("the same again, cut off", f"{fenced(SUMMED)}\nOr:\n```python\n{SUMMED[:30]}"),
    Case("the same again, cut off after a line", f"{fenced(SUMMED)}```\n{SUMMED[:50]}pass\n"),
    Case("defined twice, alike", fenced(f"{SUMMED}\n\n{SUMMED}")),
    Case("imports that are there", fenced(f"import math\n\n{SUMMED}")),
    Case(
        "imports that are needed",
        fenced(f"import math\nfrom functools import reduce\n\n{SUMMED}"),
        result=WANTED.replace("import math\n", "import math\nfrom functools import reduce\n"),
    ),
    Case("nothing", "", "wrote nothing"),
    Case("only thoughts", "<think>Let me see", "wrote nothing"),
    Case("an empty fence", "```python\n```", "no code"),
    Case("a refusal", "I'm sorry, but I can't help with that.", "not be valid python"),
    Case("one word", "OK", "added or removed definitions"),
    Case("cut off", f"```python\n{SUMMED.replace('prices)', 'prices')[:-1]}", "not be valid"),
    Case("as it was", fenced(METHOD), "change nothing"),
    Case(
        "the rest left out",
        fenced("def total(self, prices):\n    # ... existing code ...\n"),
        "dots",
    ),
    Case("dots alone", fenced("def total(self, prices):\n    # No taxes yet.\n    ...\n"), "dots"),
    Case("another definition", fenced("def close(self):\n    pass\n"), "definitions"),
    Case("one more definition", fenced(f"{SUMMED}\ndef helper():\n    pass\n"), "definitions"),
    Case("defined twice, unlike", fenced(f"{SUMMED}\n\n{dedent(METHOD)}"), "definitions"),
    Case("another signature", fenced(SUMMED.replace("prices", "items")), "signature"),
    Case("a comment lost", fenced(SUMMED.replace("    # No taxes yet.\n", "")), "comment"),
    Case("two different answers", fenced(SUMMED) + fenced(SUMMED.replace("sum", "max")), "several"),
    Case("another language", fenced("function total(prices) { return 0 }", "js"), "not be valid"),
    Case("invisible characters", fenced(SUMMED.replace("sum", "su\u202em")), "invisible"),
    Case("a terminal's escapes", fenced(SUMMED.replace("sum", "su\x1b[31mm")), "invisible"),
    Case("far too much", fenced("x = 1\n" * 50_000), "far too much"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_whole_definition(case: Case) -> None:
    check(target_of(SHOP, METHOD), case, AnswerFormat.WHOLE)


def block(old: str, new: str) -> str:
    return f"<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"


LOOP = """\
        result = 0
        for price in prices:
            result = result + price
        return result
"""
SUM = "        return sum(prices)\n"
BLOCK_CASES = [
    Case("as asked for", block(LOOP, SUM)),
    Case("prose around", f"Let us use sum.\n{block(LOOP, SUM)}\nDone."),
    Case("in a fence", f"```python\n{block(LOOP, SUM)}```"),
    Case("without indentation", block(indented(LOOP, "")[8:].replace("\n        ", "\n"), SUM[8:])),
    Case("spaces at line ends", block(LOOP.replace("\n", "  \n"), SUM)),
    Case("carriage returns", block(LOOP, SUM).replace("\n", "\r\n")),
    Case(
        "two blocks",
        block("        result = 0\n        for price in prices:\n", "")
        + block("            result = result + price\n        return result\n", SUM),
    ),
    Case("no block", fenced(SUMMED), "no changes"),
    Case("not finished", block(LOOP, SUM)[:-20], "not finish"),
    Case("the second one not finished", block(LOOP, SUM) + "<<<<<<< SEARCH\nx\n", "not finish"),
    Case("not there", block("        total = 0\n", SUM), "does not fit"),
    Case("outside of the range", block("LIMIT = 3\n", "LIMIT = 4\n"), "does not fit"),
    Case("nothing to replace", block("", SUM), "what to replace"),
    Case("the same", block(LOOP, LOOP), "change nothing"),
    Case("broken", block("        result = 0\n", "        result = (0\n"), "not be valid"),
    Case("thoughts first", f"<think>\n{block(LOOP, 'pass')}</think>\n{block(LOOP, SUM)}"),
    Case("a file named before it", f"shop.py\n{block(LOOP, SUM)}"),
    Case("longer markers", block(LOOP, SUM).replace("<" * 7, "<" * 9).replace("=" * 7, "=" * 5)),
    Case("tabs", block(LOOP.replace("    ", "\t"), SUM.replace("    ", "\t")), result=WANTED),
    Case("indented too far", block(indented(LOOP, "    "), indented(SUM, "    "))),
    Case("nothing", "", "wrote nothing"),
    Case("only thoughts", "<think>Let me see", "wrote nothing"),
    Case("a refusal", "I'm sorry, but I can't help with that.", "no changes"),
    Case("another format", f"@@ -1 +1 @@\n-{LOOP}+{SUM}", "no changes"),
    Case("the same twice", block(LOOP, SUM) * 2, "does not fit"),
    Case("another file", block("BALANCE = 3\n", "BALANCE = 4\n"), "does not fit"),
    Case("the rest left out", block(LOOP, "        # ... existing code ...\n"), "dots"),
    Case("a definition too many", block(LOOP, f"{SUM}\n    def f(self):\n        pass\n"), "defin"),
    Case("half a line", block("(self, prices)\n", "(self, items)\n"), "does not fit"),
    Case(
        "another signature, whole line",
        block("    def total(self, prices):\n", "    def total(self, items):\n"),
        "signature",
    ),
    Case("a comment lost", block("        # No taxes yet.\n", ""), "comment"),
    Case("invisible characters", block(LOOP, SUM.replace("sum", "su\u202em")), "invisible"),
    Case("a terminal's escapes", block(LOOP, SUM.replace("sum", "su\x1b[31mm")), "invisible"),
    Case("far too much", block(LOOP, "x = 1\n" * 50_000), "far too much"),
    Case("another language", block(LOOP, "        return prices.sum();}\n"), "not be valid"),
]


@pytest.mark.parametrize("case", BLOCK_CASES, ids=lambda case: case.name)
def test_blocks(case: Case) -> None:
    check(target_of(SHOP, METHOD), case, AnswerFormat.BLOCKS)


def test_a_text_that_is_there_twice_is_refused() -> None:
    source = "def f():\n    x = 1\n    x = 1\n    return x\n"
    case = Case("twice", block("    x = 1\n", "    x = 2\n"), "several places")
    check(target_of(source, source), case, AnswerFormat.BLOCKS)


def test_invisible_characters_do_not_hide_behind_line_ends() -> None:
    source = SHOP.replace("\n", "\r\n")
    method = METHOD.replace("\n", "\r\n")
    answer = fenced(SUMMED.replace("sum(prices)", "sum(prices)  # \u202e\u2066 admin"))
    check(target_of(source, method), Case("", answer, "invisible"), AnswerFormat.WHOLE)


def test_what_was_taken_out_for_a_service_is_not_put_in() -> None:
    answer = fenced(SUMMED.replace("sum(prices)", '"[redacted]"'))
    check(target_of(SHOP, METHOD), Case("", answer, "in place of a secret"), AnswerFormat.WHOLE)


STRANGE = {
    "dashes": "-" * 100_000,
    "tildes": "~" * 50_000 + "`",
    "backticks": "`" * 50_000 + "x",
    "spaces": " " * 100_000 + "`",
    "searches": "<<<<<<< SEARCH\n" * 8_000,
    "dividers": "<<<<<<< SEARCH\n" + "=======\n" * 20_000,
    "braces": "    }\n" * 20_000,
    "fences": "```\n" * 40_000,
    "comments": "# " + "rest of the " * 8_000,
    "thoughts": "<think>" * 20_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("form", AnswerFormat)
@pytest.mark.parametrize("name", STRANGE)
def test_strange_answers_are_read_in_one_pass(name: str, form: AnswerFormat) -> None:
    with pytest.raises(RefusedAnswerError):
        proposed_edits(STRANGE[name], target_of(SHOP, METHOD), form)


OTHERS = {
    "javascript": (
        "├function f(a) {\n\t// why\n\treturn a;\n}┤\n",
        "function f(a) {\n  // why\n  return a + 1;\n}",
        "function f(a) {\n\t// why\n\treturn a + 1;\n}\n",
    ),
    "go": (
        'package x\n\nimport "os"\n\n├func F() int {\n\treturn 1\n}┤\n',
        'import (\n\t"os"\n)\n\nfunc F() int {\n    return 2\n}',
        'package x\n\nimport "os"\n\nfunc F() int {\n\treturn 2\n}\n',
    ),
    "rust": (
        "impl A {\n├    fn f(&self) -> u8 {\n        1\n    }┤\n}\n",
        "fn f(&self) -> u8 {\n    2\n}",
        "impl A {\n    fn f(&self) -> u8 {\n        2\n    }\n}\n",
    ),
    "java": (
        "class A {\r\n├  int f() {\r\n    return 1;\r\n  }┤\r\n}\r\n",
        "int f() {\n    return 2;\n}",
        "class A {\r\n  int f() {\r\n    return 2;\r\n  }\r\n}\r\n",
    ),
}


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages(language: str) -> None:
    marked, answer, result = OTHERS[language]
    wanted = marked[marked.index("├") + 1 : marked.index("┤")]
    target = target_of(marked.replace("├", "").replace("┤", ""), wanted, language)
    check(target, Case(language, fenced(answer), result=result), AnswerFormat.WHOLE)


def test_what_was_broken_before_may_stay_so() -> None:
    source = f"def broken(:\n\n{SHOP}"
    case = Case("", fenced(SUMMED), result=f"def broken(:\n\n{WANTED}")
    check(target_of(source, METHOD), case, AnswerFormat.WHOLE)


def test_promises_can_be_waived() -> None:
    changed = SUMMED.replace("prices", "items").replace("    # No taxes yet.\n", "")
    result = SHOP.replace(METHOD, indented(changed, "    ").rstrip())
    target = target_of(SHOP, METHOD, signature=False, comments=False)
    check(target, Case("", fenced(changed), result=result), AnswerFormat.WHOLE)


@given(
    answer=st.one_of(
        st.text(max_size=200),
        st.text(alphabet="`~#. \n\tdef():returnx=1SEARCH<>REPLACE", max_size=300),
        st.lists(st.sampled_from([*SHOP.splitlines(), "```", "...", "    pass"])).map("\n".join),
    ),
    form=st.sampled_from(AnswerFormat),
)
def test_nothing_outside_the_range_ever_changes(answer: str, form: AnswerFormat) -> None:
    target = target_of(SHOP, METHOD)
    try:
        edits = proposed_edits(answer, target, form)
    except RefusedAnswerError:
        return
    after = edited(SHOP, edits)
    tail = SHOP[target.span.end :]
    assert after.endswith(tail)
    assert SHOP[SHOP.index("\n\nLIMIT") : target.span.start] in after
    assert edited(after, inverse(SHOP, edits)) == SHOP


def check(target: Target, case: Case, form: AnswerFormat) -> None:
    source = target.document.text.value
    if case.refusal:
        with pytest.raises(RefusedAnswerError, match=case.refusal):
            proposed_edits(case.answer, target, form)
        return
    edits = proposed_edits(case.answer, target, form)
    after = edited(source, edits)
    assert after == case.result
    assert edited(after, inverse(source, edits)) == source


def test_a_new_function_beside_the_old_one_leaves_its_signature() -> None:
    new = NEW_METHOD.replace("sum(prices)", "self.added(prices)")
    answer = fenced(f"{new}\n\n    def added(self, prices):\n        return sum(prices)")
    edits = proposed_edits(answer, target_of(SHOP, METHOD, definitions=False), AnswerFormat.WHOLE)
    assert "def added(self, prices)" in edited(SHOP, edits)
    changed = answer.replace("def total(self, prices)", "def total(self)")
    with pytest.raises(RefusedAnswerError, match="signature"):
        proposed_edits(changed, target_of(SHOP, METHOD, definitions=False), AnswerFormat.WHOLE)
