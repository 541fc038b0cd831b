from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloister.evaluation.checkout import Checkout


def texts_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def checkout_in(folder: Path) -> Checkout:
    # A blob's name is its text here.
    return Checkout(folder, lambda blob: None if blob == "missing" else blob.encode())


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    assert checkout.move_to({"a": "1", "d/b": "2", "c": "3"}, 100) == ["a", "c", "d/b"]
    assert checkout.move_to({"a": "1", "d/b": "new"}, 200) == ["c", "d/b"]
    assert texts_of(tmp_path) == {"a": "1", "d/b": "new"}
    assert checkout.move_to({"a": "1", "d/b": "new"}, 300) == []


def test_files_and_folders_may_change_places(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    checkout.move_to({"a": "1", "b/c": "2"}, 100)
    checkout.move_to({"a/c": "3", "b": "4"}, 200)
    assert texts_of(tmp_path) == {"a/c": "3", "b": "4"}


def test_a_file_has_the_time_of_its_commit(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    checkout.move_to({"old": "1", "new": "1"}, 100)
    checkout.move_to({"old": "1", "new": "2"}, 200)
    assert int((tmp_path / "old").stat().st_mtime) == 100
    assert int((tmp_path / "new").stat().st_mtime) == 200


@pytest.mark.parametrize(
    "path", ["../out", "a/../../out", "/abs", ".git/config", "a/.GIT/hooks/x", "", "a//b", "a\\b"]
)
def test_no_path_leads_out_of_the_folder(path: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert checkout_in(inside).move_to({path: "1", "good": "2"}, 100) == ["good"]
    assert texts_of(tmp_path) == {"inside/good": "2"}


def test_a_missing_blob_and_an_impossible_name_are_left_out(tmp_path: Path) -> None:
    checkout_in(tmp_path).move_to({"a": "missing", "b" * 300: "1", "c": "2"}, 100)
    assert texts_of(tmp_path) == {"c": "2"}


trees = st.dictionaries(
    st.sampled_from(["a", "b", "d/a", "d/e/a", "f"]), st.sampled_from(["1", "2"]), max_size=5
)


@settings(deadline=None, max_examples=30)
@given(st.lists(trees, max_size=4))
def test_any_way_through_trees_ends_in_the_last(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("checkout")
    checkout = checkout_in(folder)
    for tree in wanted:
        checkout.move_to(tree, 100)
        assert texts_of(folder) == tree
