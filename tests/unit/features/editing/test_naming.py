"""One name out of an answer, in the file's case, or a sentence that says why not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited, inverse
from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.features.actions import all_actions
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.naming import (
    Case,
    better_name,
    case_of,
    in_case,
    require_local,
)
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.task import Naming
from cloister.syntax.languages import language_named
from cloister.syntax.tree import ParsedSource, parse

LOCAL = "import os\n\n\ndef total(prices):\n    ║p = sum(prices)\n    return p\n\n\nlimit = 1\n"
SHORT = "function f(rows) {\n  const {║p, q} = rows[0];\n  return {p, q: p + q};\n}\n"

USED = [
    "price_sum",
    "  price_sum \n",
    "`price_sum`",
    '"price_sum"',
    "“price_sum”.",
    "**price_sum**",
    "priceSum",
    "PriceSum",
    "PRICE_SUM",
    "price_sum_",
    "A better name is `price_sum`.",
    "I would rename `p` to `price_sum`, because it holds a sum.",
    "```python\nprice_sum\n```",
    "```\nprice_sum\n```\nThis says what it holds.",
    "<think>p is short</think>\nprice_sum",
    "Here you are:\n\nprice_sum\n\nThis is better.",
    "p\n\nprice_sum",
]


@pytest.mark.parametrize("answer", USED)
def test_the_name_is_found_and_fits(answer: str) -> None:
    assert renamed(LOCAL, answer) == LOCAL.replace("║", "").replace(
        "p = sum(prices)\n    return p", "price_sum = sum(prices)\n    return price_sum"
    )


REFUSED = [
    ("", "nothing"),
    ("I cannot help with that.", "no name"),
    ("`first` or `second`", "several names"),
    ("first\nsecond", "several names"),
    ("a better name", "no name"),
    ("p", "keep the name"),
    ("price-sum", "no name"),
    ("2nd", "no name"),
    ("price\u200bsum", "no name"),
    ("pr\u0456ce", "no name"),  # a Cyrillic letter
    ("return", "cannot be a name"),
    ("list", "cannot be a name"),
    ("total", "something else"),
    ("os", "something else"),
    ("limit", "something else"),
    ("prices", "something else"),
    ("x" * 80, "cannot be a name"),
    ("x" * 300_000, "far too much"),
]


@pytest.mark.parametrize(("answer", "reason"), REFUSED)
def test_what_is_no_name_here_is_refused(answer: str, reason: str) -> None:
    with pytest.raises(RefusedAnswerError, match=reason):
        renamed(LOCAL, answer)


CASES_KEPT = [
    ("python", "def ║f(a): pass\n", "do_it", "do_it"),
    ("python", "def ║f(a): pass\n\n\ndef getAll(): pass\n", "do_it", "doIt"),
    ("python", "class ║it: pass\n", "price_list", "PriceList"),
    ("python", "MAX║_N = 1\n", "most rows".replace(" ", "_"), "MOST_ROWS"),
    ("python", "def _║f(): pass\n", "do_it", "_do_it"),
    ("javascript", "function ║f() {}\n", "do_it", "doIt"),
    ("javascript", "const $║f = () => 1;\n", "do_it", "$doIt"),
    ("go", "package a\n\nfunc ║F() {}\n", "do_it", "DoIt"),
    ("go", "package a\n\nfunc ║f() {}\n", "DoIt", "doIt"),
    ("rust", "fn f(a: i32) {\n    let ║b = a;\n    g(b);\n}\n", "firstItem2", "first_item2"),
    ("java", "class A { void f(int ║b) { g(b); } }\n", "URL_parser", "urlParser"),
]


@pytest.mark.parametrize(("language", "marked", "answer", "name"), CASES_KEPT)
def test_names_are_written_as_the_file_writes_them(
    language: str, marked: str, answer: str, name: str
) -> None:
    naming, place = asked(marked, language)
    assert better_name(answer, naming, place).name == name


@given(st.lists(st.from_regex(r"\A[a-z]{2,}\d?\Z"), min_size=2, max_size=4), st.sampled_from(Case))
def test_a_case_is_recognised_in_what_it_makes(words: list[str], case: Case) -> None:
    name = in_case("_".join(words), "", case)
    assert in_case(name, name, case) == name
    assert case_of(name) in (case, None)


def test_shorthands_say_their_member() -> None:
    assert renamed(SHORT, "price", "javascript") == (
        "function f(rows) {\n  const {p: price, q} = rows[0];\n"
        "  return {p: price, q: price + q};\n}\n"
    )


WORDS = st.sampled_from(
    ["p", "price", "`price`", "```", "\n", " ", "is", "total", "return", "\u202e", "é", "**sum**"]
)


@given(st.lists(WORDS, max_size=8).map("".join))
def test_whatever_is_answered_only_names_change_and_undoing_restores(answer: str) -> None:
    naming, place = asked(LOCAL)
    before = place.text.value
    try:
        new = better_name(answer, naming, place)
    except RefusedAnswerError:
        return
    after = edited(before, new.edits)
    assert shape(parse(after, place.read.language)) == shape(place.read.parsed)
    assert edited(after, inverse(before, new.edits)) == before


@pytest.mark.parametrize(
    ("marked", "is_local"),
    [
        (LOCAL, True),
        ("def f(║a):\n    return a\n", False),
        ("def ║f(a):\n    return a\n", False),
        ("class A:\n    ║b = 1\n", False),
        ("║c = 1\n", False),
    ],
)
def test_only_what_is_seen_whole_is_renamed_without_others(marked: str, *, is_local: bool) -> None:
    naming, place = asked(marked)
    assert bool(better_name("other", naming, place).edits) is is_local
    if not is_local:
        with pytest.raises(CloisterError, match="install a language server for python"):
            require_local(naming, place)


@pytest.mark.parametrize(
    "marked",
    ["import ║os\n", "def f(║self):\n    pass\n", "def ║__init__(): pass\n", "║\n", "f(║1)\n"],
)
def test_other_places_have_no_name_to_better(marked: str) -> None:
    assert offered(marked, "python")[0] is None


def test_a_model_is_told_where_a_name_is_used() -> None:
    naming, _ = asked("def ║f(a):\n    return a\n\n\nprint(f(1))\nf(2)\n")
    assert naming.said == "print(f(1))\nf(2)"
    assert naming.said in naming.text


def renamed(marked: str, answer: str, language: str = "python") -> str:
    naming, place = asked(marked, language)
    return edited(place.text.value, better_name(answer, naming, place).edits)


def asked(marked: str, language: str = "python") -> tuple[Naming, Place]:
    naming, place = offered(marked, language)
    assert naming is not None
    return naming, place


def offered(marked: str, language: str) -> tuple[Naming | None, Place]:
    """Return how a better name would be asked for at `║`."""
    found = language_named(language)
    assert found is not None
    offset = marked.index("║")
    text = Text(marked.replace("║", ""))
    document = DocumentSnapshot("file:///a", Path("/a"), language, 1, text)
    place = Place(read_document(document, found), Span(offset, offset))
    action = next(it for it in all_actions() if it.name == "rename")
    offer = next(iter(action.offers(place)), None)
    task = offer.tasks[0] if offer else None
    assert task is None or isinstance(task, Naming)
    return task, place


def shape(parsed: ParsedSource) -> list[tuple[str, str]]:
    """Return the nodes of a tree in order, with the text of all leaves that are no names."""
    nodes, waiting = list[tuple[str, str]](), [parsed.root]
    while waiting:
        node = waiting.pop()
        is_told = not node.child_count and "identifier" not in node.type
        nodes.append((node.type, parsed.text(node) if is_told else ""))
        waiting.extend(node.children)
    return nodes
