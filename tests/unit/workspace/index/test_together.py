"""Which files change together, as the history has it."""

from pathlib import Path

import pytest
from dulwich.repo import Repo

from support.indexed import Planted
from support.repositories import commit


def test_files_of_one_commit_belong_together(tmp_path: Path) -> None:
    with Planted(tmp_path, {}) as planted, Repo.init(planted.root) as repo:
        commit(repo, {"start.py": ""}, 0)
        commit(repo, {"a.py": "1", "b.py": "1", "c.py": "1", "gone.py": "1"}, 10)
        commit(repo, {"a.py": "2", "c.py": "2"}, 20)
        commit(repo, {"gone.py": None}, 30)
        planted.build()
        found = planted.index.co_changed("a.py", 5)
        assert [path for path, _ in found] == ["c.py", "b.py"]
        assert found[1][1] == pytest.approx(0.25, rel=0.01)
        assert planted.index.co_changed("a.py", 1) == found[:1]
        assert planted.index.co_changed("start.py", 5) == []


def test_new_commits_are_read(tmp_path: Path) -> None:
    with Planted(tmp_path, {}) as planted, Repo.init(planted.root) as repo:
        commit(repo, {"a.py": "1"}, 0)
        planted.build()
        commit(repo, {"a.py": "2", "b.py": "2"}, 10)
        planted.build()
        assert [path for path, _ in planted.index.co_changed("b.py", 5)] == ["a.py"]
        planted.build()
        assert [path for path, _ in planted.index.co_changed("b.py", 5)] == ["a.py"]


@pytest.mark.parametrize("damage", ["HEAD", "refs", "objects"])
def test_a_damaged_repository_costs_its_history_only(damage: str, tmp_path: Path) -> None:
    with Planted(tmp_path, {"a.py": "x = 1\n"}) as planted:
        with Repo.init(planted.root) as repo:
            commit(repo, {"a.py": "2", "b.py": "2"}, 10)
        place = planted.root / ".git" / damage
        place.rename(tmp_path / "elsewhere")
        place.write_bytes(b"\xff\0")
        assert planted.build().files == 2
        assert planted.index.co_changed("a.py", 5) == []
