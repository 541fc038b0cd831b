"""Files that were changed together."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.repo import Repo

from cloister.workspace.git.co_changes import CoChanges, co_changes
from cloister.workspace.git.repository import open_repository
from support.repositories import commit


def weights(root: Path, most_commits: int = 100, seconds: float = 60.0) -> CoChanges:
    with open_repository(root) as repository:
        assert repository is not None
        return co_changes(repository, most_commits, seconds)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init(tmp_path) as made:
        commit(made, {"start.py": ""}, 0)
        yield made


def test_smaller_and_newer_commits_weigh_more(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {"old.py": "1", "a.py": "1"}, 10)
    commit(repo, {"a.py": "2", "b.py": "2", "c.py": "2"}, 20)
    commit(repo, {"new.py": "3", "a.py": "3"}, 30)
    commit(repo, {"alone.py": "4"}, 40)
    found = weights(tmp_path)
    assert list(found)[:2] == [("a.py", "new.py"), ("a.py", "old.py")]
    assert found["a.py", "b.py"] == found["a.py", "c.py"] == found["b.py", "c.py"]
    assert found["a.py", "new.py"] == pytest.approx(0.5, rel=0.01)
    assert found["a.py", "b.py"] == pytest.approx(1 / 3, rel=0.01)
    assert len(found) == 5


def test_weights_add_up(repo: Repo, tmp_path: Path) -> None:
    for time in (10, 20, 30):
        commit(repo, {"a.py": str(time), "b.py": str(time)}, time)
    assert weights(tmp_path) == {("a.py", "b.py"): pytest.approx(1.5, rel=0.01)}
    assert weights(tmp_path, most_commits=1) == {("a.py", "b.py"): 0.5}
    assert weights(tmp_path, seconds=-1) == {}


def test_large_commits_say_nothing(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {f"{number}.py": "1" for number in range(31)}, 10)
    assert weights(tmp_path) == {}
    commit(repo, {f"{number}.py": "2" for number in range(30)}, 20)
    assert len(weights(tmp_path)) == 30 * 29 / 2
