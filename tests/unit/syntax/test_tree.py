import gc
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.text import Span
from cloister.syntax.bindings import bindings_in
from cloister.syntax.comments import comments_in
from cloister.syntax.languages import Language, all_languages, language_named
from cloister.syntax.limits import MOST_CHARS, MOST_TOKENS_IN_ERROR
from cloister.syntax.outline import outline_of
from cloister.syntax.queries import matches, query
from cloister.syntax.references import references_in
from cloister.syntax.tree import parse
from support.marked import CASES


def _language(name: str) -> Language:
    language = language_named(name)
    assert language is not None
    return language


PYTHON = _language("python")


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_bytes_and_characters_lead_to_each_other(source: str) -> None:
    parsed = parse(source, PYTHON)
    assert len(parsed.encoded) == parsed.byte(len(source))
    for offset in range(len(source) + 1):
        assert parsed.char(parsed.byte(offset)) == offset
        before = source[:offset].encode("utf-8", "replace")
        assert parsed.byte(offset) == len(before)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(newline: str) -> None:
    source = newline.join(["# one", "é = 1", "# two", "def f(): pass"])
    parsed = parse(source, PYTHON)
    assert not parsed.root.has_error
    assert [source[each.start : each.end] for each in comments_in(parsed)] == ["# one", "# two"]
    assert [each.name for each in outline_of(parsed).definitions] == ["é", "f"]


def test_the_text_of_a_node_is_cut_to_what_is_asked_for() -> None:
    parsed = parse("é = 'ü' * 100", PYTHON)
    assert parsed.text(parsed.root) == "é = 'ü' * 100"
    assert parsed.text(parsed.root, 5) == "é = '"


def test_parsing_ends_with_its_time() -> None:
    assert not parse("x = [1, 2]\n" * 1000, PYTHON, most_ms=0).is_complete


def test_a_huge_text_is_not_parsed() -> None:
    assert not parse("x" * (MOST_CHARS + 1), PYTHON).is_complete
    assert parse("x" * 1000, PYTHON).is_complete


def test_parsing_that_was_given_up_leaves_an_empty_tree() -> None:
    parsed = parse("def f(): pass\n" * 1000, PYTHON, most_ms=0)
    assert parsed.root.child_count == 0
    assert outline_of(parsed).definitions == ()
    assert comments_in(parsed, Span(0, 10)) == []


@pytest.mark.parametrize(
    ("language", "source"),
    [
        # Without a bound these take tree-sitter minutes and gigabytes, or queries quadratic time.
        ("c", "a=>" * 5_000),
        ("c", "*" * 50_000),
        ("java", "a=>" * 5_000),
        ("rust", "%w(" * 5_000),
        ("python", "(" * 20_000),
        ("go", "[" * 20_000),
        ("javascript", "{(" * 20_000),
        ("typescript", "a**>" * 5_000),
        ("typescript", "export=|" * 5_000),
        ("cpp", "/a=>" * 5_000),
        ("kotlin", "/+*" * 5_000),
        ("kotlin", "||!is get*" * 5_000),
        ("javascript", "|a =" * 5_000),
        ("bash", "$`;;/=^^" * 5_000),
    ],
    ids=lambda value: value[:4],
)
def test_text_that_is_wrong_everywhere_is_given_up(language: str, source: str) -> None:
    assert not parse(source, _language(language)).is_complete


@pytest.mark.parametrize(
    ("language", "opener", "closer"),
    [("c", "int a[] = {", "};"), ("java", "class A { int[] a = {", "}; }"), ("ruby", "a = [", "]")],
)
def test_a_table_of_digits_is_parsed(language: str, opener: str, closer: str) -> None:
    assert parse(f"{opener}{'1,' * 5_000}{closer}", _language(language)).is_complete


def test_one_error_among_many_tokens_is_no_reason_to_give_up() -> None:
    source = f"x = [{'1, ' * 3 * MOST_TOKENS_IN_ERROR}]\ndef f(:\n    pass\n\ndef g(): pass\n"
    parsed = parse(source, PYTHON)
    assert parsed.is_complete
    assert parsed.root.has_error
    assert "g" in {each.name for each in outline_of(parsed).definitions}


@pytest.mark.parametrize("language", all_languages(), ids=lambda language: language.name)
@pytest.mark.parametrize("brackets", ["()", "[]", "{}"])
def test_deep_nesting_has_a_bound(language: Language, brackets: str) -> None:
    opener, closer = brackets
    levels = 10_000
    parsed = parse(opener * levels + closer * levels, language)
    for name in ("blocks", "scopes", "references"):
        # Every level may match; what must not happen is a match for every pair of levels.
        assert len(matches(parsed, query(language, name))) <= 10 * levels


def test_trees_and_texts_are_let_go() -> None:
    source = (CASES / "languages" / "python" / "uses.py").read_text("utf-8")

    def n_blocks_after(n_times: int) -> int:
        for _ in range(n_times):
            parsed = parse(source, PYTHON)
            assert outline_of(parsed).definitions
            assert references_in(parsed)
            assert bindings_in(parsed)
        gc.collect()
        return sys.getallocatedblocks()

    before = n_blocks_after(3)
    # The binding loses a few small objects each time, but neither the text nor the tree.
    assert n_blocks_after(100) - before < 100 * 10


def test_neither_logs_nor_tracebacks_show_the_text() -> None:
    assert "secret" not in repr(parse("secret = 1", PYTHON))
