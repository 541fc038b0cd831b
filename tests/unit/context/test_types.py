from collections.abc import Iterator

import pytest

from cloister.context.types import receiver_at_cursor, types_of, with_bases
from support.indexed import PACKAGE, Planted
from support.places import asked

FILES = {
    **PACKAGE,
    "shop/store.py": (
        "from shop.model import Item\n\n\n"
        "class Store:\n"
        "    def __init__(self):\n"
        "        self.best = Item()\n"
        "        self.last: Item = None\n\n"
        "    def cheapest(self) -> Item: ...\n\n\n"
        "class Market(Store): ...\n\n\n"
        "def open_store() -> Store: ...\n\n\n"
        "nearest_store: Store = find()\n"
    ),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with Planted(tmp_path_factory.mktemp("types"), FILES) as workspace:
        workspace.build()
        yield workspace


@pytest.mark.parametrize(
    ("marked", "receiver", "type_"),
    [
        ("def f(store: Store):\n    store.║", "store", "Store"),
        ("def f(store: 'Store | None'):\n    store.che║", "store", "Store"),
        ("def f():\n    store = Store()\n    store.║", "store", "Store"),
        ("def f():\n    store = open_store()\n    store.║", "store", "Store"),
        ("class Shop:\n    def f(self):\n        self.║", "self", "Shop"),
        ("def f(store: Store):\n    store.best.║", "store.best", "Item"),
        ("def f(store: Store):\n    store.last.║", "store.last", "Item"),
        ("Store.║", "Store", "Store"),
        ("nearest_store.║", "nearest_store", "Store"),
        ("store = Store()\nstore.║", "store", "Store"),
    ],
)
def test_the_type_of_a_receiver(planted: Planted, marked: str, receiver: str, type_: str) -> None:
    query = asked(marked)
    assert receiver_at_cursor(query) == receiver
    assert type_ in types_of(receiver, query, planted.index)


@pytest.mark.parametrize("marked", ["x = ║", "f(║", "1 + ║", "║"])
def test_no_receiver(marked: str) -> None:
    assert receiver_at_cursor(asked(marked)) == ""


def test_bases_come_after_the_type(planted: Planted) -> None:
    assert [each.name for each in with_bases(["Market"], planted.index)] == ["Market", "Store"]


def test_bases_that_go_round_in_circles_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    files = {"a.py": "class A(B): ...\nclass B(A): ...\n"}
    with Planted(tmp_path_factory.mktemp("circle"), files) as circle:
        circle.build()
        assert {each.name for each in with_bases(["A"], circle.index)} == {"A", "B"}
