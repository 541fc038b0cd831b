import pytest

from cloister.context.query import context_query
from support.places import asked, place_in

SHOP = """\
from shop.model import Item


class Basket:
    def total(self, items: list[Item]) -> int:
        first = items[0]
        return first.║

    def clear(self) -> None:
        pass
"""


def test_nearer_names_count_more() -> None:
    nearness = asked("far = 1\n\n\nclose = 2\nhere = ║\nafter = 3\n").nearness
    assert 1 >= nearness["here"] > nearness["close"] > nearness["far"] > 0
    assert nearness["close"] > nearness["after"] > 0


@pytest.mark.parametrize(
    ("marked", "typed"),
    [
        ("before = 1\nself.assert_equal(first.║", {"self", "assert_equal", "first"}),
        ("value = comp║ute", {"value"}),
        ("║value", set()),
        ("x" * 100_000 + "║", set()),
    ],
)
def test_what_is_typed_of_the_line(marked: str, typed: set[str]) -> None:
    assert asked(marked).typed == typed


def test_words_of_names_count_as_names_do() -> None:
    assert asked("read_chunk ║").terms.keys() == {"read_chunk", "read", "chunk"}


def test_names_of_the_window_and_of_the_language_are_not_hidden() -> None:
    query = asked("outside = 1\n" + "# padding\n" * 50 + "inside = ║\n")
    hidden = [name for name in ("outside", "inside", "return", "print") if query.is_hidden(name)]
    assert hidden == ["outside"]


def test_only_lines_of_the_window_are_shown() -> None:
    query = asked("\n".join(f"line{n}" for n in range(50)) + "║", window_chars=20)
    assert query.shows(query.path, 49)
    assert not query.shows(query.path, 10)
    assert not query.shows("other.py", 49)


def test_what_the_parser_knows_of_the_place() -> None:
    query = asked(SHOP)
    assert [each.name for each in query.enclosing] == ["Basket", "total"]
    assert {"items", "first"} <= {each.name for each in query.bindings}
    assert query.references[0].name in {"first", "items"}
    assert [each.module for each in query.outline.imports] == ["shop.model"]


@pytest.mark.parametrize("path", ["notes.unknown", "README"])
def test_a_text_without_a_language_is_known_by_its_names(path: str) -> None:
    query = asked("some_name ║", path)
    assert query.nearness["some_name"] > 0
    assert not query.references


def test_a_document_that_takes_too_long_to_parse_is_known_by_its_names() -> None:
    query = context_query(place_in("some_name = ║\n" + "x = (\n" * 20_000), most_parse_ms=0)
    assert "some_name" in query.nearness
    assert not query.outline.definitions
