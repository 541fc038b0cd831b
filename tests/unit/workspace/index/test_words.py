from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.words import count_terms, identifiers_in, term_id, terms_of


@pytest.mark.parametrize(
    ("identifier", "terms"),
    [
        ("user", ("user",)),
        ("User", ("User", "user")),
        ("getUserName", ("getUserName", "get", "user", "name")),
        ("get_user_name", ("get_user_name", "get", "user", "name")),
        ("HTTPServer2", ("HTTPServer2", "http", "server")),
        ("MAX_SIZE", ("MAX_SIZE", "max", "size")),
        ("_x", ("_x",)),
        ("größe", ("größe", "gr", "öß")),
        ("a" * 65, ()),
    ],
)
def test_an_identifier_counts_as_itself_and_its_parts(
    identifier: str, terms: tuple[str, ...]
) -> None:
    assert terms_of(identifier) == terms


def test_numbers_and_single_letters_are_no_words() -> None:
    assert identifiers_in("x = 0x1f + 12e5; ab = größe1(x)") == ["ab", "größe1"]


def test_a_shared_part_counts_once_and_what_is_repeated_counts_again() -> None:
    found = count_terms("getUser getName getName")
    counts = {term: found[term_id(term)] for term in ("getUser", "getName", "get", "name")}
    assert counts == {"getUser": 1, "getName": 2, "get": 2, "name": 2}


@given(st.text())
def test_every_word_of_any_text_is_counted(text: str) -> None:
    terms = {term for name in identifiers_in(text) for term in terms_of(name)}
    counted = count_terms(text)
    assert counted.keys() == {term_id(term) for term in terms}
    most = Counter(identifiers_in(text))
    assert all(1 <= count <= most.total() for count in counted.values())
