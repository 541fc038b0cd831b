"""Which lines differ from the last commit, as a search finds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.repo import Repo

from cloister.context import changes
from cloister.context.changes import ChangesWatch
from support.indexed import Planted
from support.repositories import commit

OLD = "one = 1\ntwo = 2\nthree = 3\nfour = 4\n"
NEW = "one = 1\ntwo = 22\nthree = 3\nfour = 4\nfive = 5\n"


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    with Planted(tmp_path, {}) as made, Repo.init(made.root) as repo:
        commit(repo, {"a.py": OLD, "b.py": OLD}, 10)
        (made.root / "a.py").write_text(NEW)
        yield made


def test_nothing_is_known_before_the_first_look(planted: Planted) -> None:
    assert ChangesWatch(planted.root).lines == {}


def test_lines_that_were_changed_and_added(planted: Planted) -> None:
    watch = ChangesWatch(planted.root)
    watch.look(planted.index)
    assert watch.lines == {"a.py": (range(1, 2), range(4, 5))}


def test_a_look_is_fresh_for_a_while(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = ChangesWatch(planted.root)
    watch.look(planted.index)
    (planted.root / "b.py").write_text("five = 5\n" + OLD)
    watch.look(planted.index)
    assert list(watch.lines) == ["a.py"]
    monkeypatch.setattr(changes, "_FRESH_S", 0.0)
    watch.look(planted.index)
    assert watch.lines["b.py"] == (range(1),)


def test_unsaved_text_counts(planted: Planted) -> None:
    planted.index.overlay("a.py", OLD + "six = 6\n")
    watch = ChangesWatch(planted.root)
    watch.look(planted.index)
    assert watch.lines == {"a.py": (range(4, 5),)}


def test_a_folder_that_is_no_repository_has_no_changes(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        watch = ChangesWatch(planted.root)
        watch.look(planted.index)
        assert watch.lines == {}
