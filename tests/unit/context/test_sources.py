"""Each source finds what it is for; one that fails or is switched off costs the others nothing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.find import SOURCE_NAMES
from cloister.context.query import ContextQuery
from cloister.context.signatures import as_in_file, signature
from cloister.context.sources import all_sources, collect
from cloister.workspace.activity import Activity, Diagnostic, Edit, View
from support.indexed import PACKAGE, Planted
from support.places import asked, candidate, found_in

HERE = "shop/now.py"
FILES = {
    **PACKAGE,
    "shop/sale.py": (
        "from shop.model import Item\n\n\n"
        "class Sale(Item):\n"
        "    def reduce(self, percent: int) -> int:\n"
        "        return self.price * percent\n"
    ),
    "shop/now.py": "def pay_all(): pass\n",
    "shop/till.py": "from shop.now import pay_all\n\n\ndef close_till():\n    pay_all()\n",
    "tests/test_now.py": "from shop.now import pay_all\n\n\ndef test_paying_twice(): pay_all()\n",
    "shop/import_all.py": "from shop.basket import total_price\nfrom shop.sale import Sale\n",
}


@dataclass(frozen=True)
class Case:
    """Where the cursor stands, what the person did, and a line that a source has to find."""

    source: str
    marked: str
    found: str
    activity: Activity = field(default_factory=Activity)
    window_chars: int = 200


CASES = [
    Case("similar", "def sum_prices(items):\n    return sum(║", "double_price"),
    Case("definitions", "total_price(║", "def total_price(items: list[Item]) -> int"),
    Case("members", "def f(it: Item):\n    it.║", "def double_price(self) -> int"),
    Case("members", "from shop.sale import Sale\nsale = Sale()\nsale.║", "price: int = 0"),
    Case("same_file", "import far_away\n" + "#\n" * 50 + "║", "import far_away", window_chars=20),
    Case("outline", "def far_off(): pass\n" + "#\n" * 50 + "║", "def far_off()", window_chars=20),
    Case("callers", "def pay_all():\n    x = ║", "    pay_all()"),
    Case("siblings", "import shop.till\n║", "def test_paying_twice()"),
    Case("imports", "from shop.basket import ║", "from shop.sale import Sale"),
    Case("clipboard", "║", "copied_name()", Activity(clipboard="copied_name()")),
    Case("viewed", "║", "    price: int = 0", Activity(views=(View("shop/model.py", 3, 8),))),
    Case(
        "recent_edits",
        "║",
        "# was: old_name()",
        Activity(edits=(Edit("shop/till.py", 4, "old_name()", "pay_all()"),)),
    ),
    Case(
        "diagnostics",
        "x = 1\n║",
        "class Sale(Item)",
        Activity(diagnostics={HERE: (Diagnostic(0, 0, '"Sale" is not defined'),)}),
    ),
    Case("type_names", "║", "def reduce(self", Activity(type_names={HERE: ("Sale",)})),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with Planted(tmp_path_factory.mktemp("sources"), FILES) as workspace:
        workspace.build()
        yield workspace


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_a_source_finds_what_it_is_for(planted: Planted, case: Case) -> None:
    query = asked(case.marked, HERE, case.window_chars)
    findings = found_in(planted, query, case.activity)
    own = [each for each in findings.candidates if each.source == case.source]
    assert case.found in "\n".join(each.text for each in own)
    assert all(0 < each.score < 1 and each.reason for each in own)
    assert not findings.failures


def test_lines_that_differ_from_the_last_commit_are_found(planted: Planted) -> None:
    workspace = Workspace(planted.index, changed_lines={"shop/model.py": (range(6, 7),)})
    collected = collect(asked("║"), workspace, all_sources(), math.inf)
    assert "    price: int = 0" in {
        each.text for each in collected.candidates if each.source == "git_diff"
    }


def test_definitions_of_likely_names_are_found(planted: Planted) -> None:
    query = asked("def sum_prices(items):\n    return sum(║", HERE)
    findings = found_in(planted, query)
    defined = {
        name for each in findings.candidates if each.source == "signatures" for name in each.defines
    }
    assert "double_price" in defined


@pytest.mark.parametrize("name", SOURCE_NAMES)
def test_every_source_can_be_switched_off(planted: Planted, name: str) -> None:
    query = asked("from shop.model import Item\nItem().║", HERE)
    findings = found_in(planted, query, disabled={name})
    assert name not in {each.source for each in findings.candidates}
    assert name not in findings.timings_ms


def _broken(_query: ContextQuery, _workspace: Workspace) -> Iterator[Candidate]:
    yield candidate("before")
    raise ZeroDivisionError


def test_a_source_that_fails_fails_alone(
    planted: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    whole = Source("whole", lambda _query, _workspace: [candidate("after")])
    sources = [Source("broken", _broken), whole]
    collected = collect(asked("║"), Workspace(planted.index), sources, math.inf)
    assert [each.text for each in collected.candidates] == ["before", "after"]
    assert collected.failures == {"broken": "ZeroDivisionError"}
    assert "ZeroDivisionError" in caplog.text


def test_after_the_deadline_no_source_is_asked(planted: Planted) -> None:
    collected = collect(asked("║"), Workspace(planted.index), all_sources(), 0.0)
    assert not collected.candidates
    assert set(collected.failures.values()) == {"late"}


def test_without_an_index_there_is_only_the_document(tmp_path: Path) -> None:
    with Planted(tmp_path) as bare:
        findings = found_in(bare, asked("import far_away\n" + "#\n" * 50 + "║", HERE, 20))
    assert {each.path for each in findings.candidates} == {HERE}
    assert not findings.failures


def test_a_signature_is_shown_with_its_indentation(planted: Planted) -> None:
    (method,) = planted.index.symbols_named(["reduce"], 1)
    bare = signature(method, "test", "because", 0.1)
    (whole,) = as_in_file([bare], planted.index)
    assert bare.text.startswith("def reduce")
    assert whole.text == "    def reduce(self, percent: int) -> int:"


def test_a_signature_of_a_file_that_changed_meanwhile_stays_as_it_was(planted: Planted) -> None:
    (method,) = planted.index.symbols_named(["reduce"], 1)
    moved = replace(signature(method, "test", "because", 0.1), first_line=0, last_line=0)
    assert list(as_in_file([moved], planted.index)) == [moved]
