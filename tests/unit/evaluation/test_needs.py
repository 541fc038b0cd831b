import pytest

from cloister.evaluation.cases import Case, Place
from cloister.evaluation.corpus import Corpus
from cloister.evaluation.needs import (
    CHARS_AFTER,
    CHARS_BEFORE,
    Needs,
    Passage,
    Stratum,
    bytes_over_four,
    coverage,
    needed_names,
    plainly,
    usual_window,
)
from cloister.syntax.languages import language_named

FAR = "x = 1\n" * 2000


def a_case(prefix: str, suffix: str, names: tuple[str, ...]) -> Case:
    language = language_named("python")
    assert language is not None
    return Case("c0ffee", "own.py", language, 0, 0, Place.LINE_START, prefix, suffix, "", names)


@pytest.mark.parametrize(
    ("prefix", "suffix", "names", "stratum", "needed"),
    [
        ("", "", ("elsewhere",), Stratum.CROSS_FILE, ("elsewhere",)),
        ("elsewhere\n", "", ("elsewhere",), Stratum.IN_FILE, ()),
        ("", "\nelsewhere", ("elsewhere",), Stratum.IN_FILE, ()),
        # Out of the window: the other file helps although this one has the name as well.
        (f"elsewhere\n{FAR}", "", ("elsewhere",), Stratum.CROSS_FILE, ("elsewhere",)),
        (f"own_name\n{FAR}", "", ("own_name",), Stratum.IN_FILE, ()),
        ("", "", ("brand_new",), Stratum.NOVEL, ()),
        ("", "", ("brand_new", "elsewhere"), Stratum.CROSS_FILE, ("elsewhere",)),
        # A part of a longer name is not the name.
        ("elsewhere_too\n", "", ("elsewhere",), Stratum.CROSS_FILE, ("elsewhere",)),
        ("", "", ("only_here",), Stratum.NOVEL, ()),
    ],
)
def test_what_is_needed(
    prefix: str, suffix: str, names: tuple[str, ...], stratum: Stratum, needed: tuple[str, ...]
) -> None:
    corpus = Corpus()
    corpus.put("other.py", "elsewhere = 1\n")
    corpus.put("own.py", "only_here = 1\n")
    case = a_case(prefix, suffix, names)
    assert needed_names(case, usual_window(case), corpus) == (stratum, needed)


def test_the_window_is_what_stands_around_the_cursor() -> None:
    window = usual_window(a_case("a" * 9000 + "b", "c" + "d" * 9000, ()))
    assert window.before == "a" * (CHARS_BEFORE - 1) + "b"
    assert window.after == "c" + "d" * (CHARS_AFTER - 1)


def covered(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    needs = Needs(
        Stratum.CROSS_FILE,
        ("fetch_all", "Client"),
        {"fetch_all": frozenset({"def fetch_all(self,"}), "Client": frozenset({"class Client:"})},
    )
    found = coverage([Passage("a.py", 0, text, "test")], needs, bytes_over_four)
    return found.found, found.defined


@pytest.mark.parametrize(
    ("text", "found", "defined"),
    [
        ("", (), ()),
        ("x = fetch_all()", ("fetch_all",), ()),
        ("x = fetch_all_now()", (), ()),
        ("    def fetch_all(self,\n        key): ...", ("fetch_all",), ("fetch_all",)),
        ("async  def   fetch_all(self, key)", ("fetch_all",), ("fetch_all",)),
        ("class Client:\n  fetch_all = 1", ("fetch_all", "Client"), ("Client",)),
    ],
)
def test_what_is_covered(text: str, found: tuple[str, ...], defined: tuple[str, ...]) -> None:
    assert covered(text) == (found, defined)


def test_lines_tokens_and_useful_lines_are_counted() -> None:
    passages = [
        Passage("a.py", 0, "one\n\nfetch_all()", "test"),
        Passage("b.py", 0, "two\nthree", "test"),
    ]
    needs = Needs(Stratum.CROSS_FILE, ("fetch_all",))
    found = coverage(passages, needs, bytes_over_four)
    assert (found.lines, found.useful_lines) == (4, 1)
    assert found.tokens == bytes_over_four("one\n\nfetch_all()\ntwo\nthree")
    assert coverage([], needs, bytes_over_four).tokens == 0


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("éé", 1)]
)
def test_a_token_is_four_bytes(text: str, tokens: int) -> None:
    assert bytes_over_four(text) == tokens


def test_blanks_are_compared_as_one_space() -> None:
    assert plainly("  a\n\t b  ") == "a b"
