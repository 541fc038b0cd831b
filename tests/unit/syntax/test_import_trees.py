import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.syntax.import_trees import MOST_DEPTH, MOST_NAMES, TreeName, names_in_tree


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ("std::fmt", [("std", "fmt", "")]),
        ("serde", [("serde", "", "")]),
        ("serde as s", [("serde", "", "s")]),
        ("a::b as c", [("a", "b", "c")]),
        ("a::*", [("a", "*", "")]),
        ("a::{b, c}", [("a", "b", ""), ("a", "c", "")]),
        ("a::{self, b::{c as d, e},}", [("a", "", ""), ("a::b", "c", "d"), ("a::b", "e", "")]),
        ("a::{self as own}", [("a", "", "own")]),
        ("{a, b::c}", [("a", "", ""), ("b", "c", "")]),
        ("a::{\n    b, // not read\n}", [("a", "b", "")]),
        ("", []),
        ("{}", []),
        ("a::{b", [("a", "b", "")]),
        ("a}}, b", [("a", "", ""), ("b", "", "")]),
    ],
)
def test_the_leaves_of_a_tree(tree: str, expected: list[tuple[str, str, str]]) -> None:
    tree = tree.replace("// not read", "")
    assert names_in_tree(tree, "::") == [TreeName(*each) for each in expected]


def test_arrows_rename_and_underscores_stand_for_everything() -> None:
    assert names_in_tree("a.{b => c, _}", ".") == [TreeName("a", "b", "c"), TreeName("a", "*")]


def test_what_stands_before_the_tree_comes_first() -> None:
    assert names_in_tree("{B, C as D}", "\\", "App\\Models") == [
        TreeName("App\\Models", "B"),
        TreeName("App\\Models", "C", "D"),
    ]


@given(st.text("a:{},* \nas"))
def test_any_text_has_leaves_with_names(text: str) -> None:
    assert all(leaf.module for leaf in names_in_tree(text, "::"))


def test_number_and_depth_are_bounded() -> None:
    assert len(names_in_tree("{" + "a::b," * 10_000 + "}", "::")) == MOST_NAMES
    assert names_in_tree("a::{" * (MOST_DEPTH + 1) + "b", "::") == []
    assert names_in_tree("a::" * 100_000 + "b", "::") == []
