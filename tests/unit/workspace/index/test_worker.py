"""Real workers keep up with the files, take turns, and leave a usable index however they end."""

import shutil
import signal
import sys
from pathlib import Path

import pytest

from cloister.workspace.index.messages import Command, WorkerState
from support.index_worker import database_of, worker
from support.indexed import PACKAGE, everything, plant
from support.private_mounts import command_with_mounts

MANY = {f"many/f{n}.py": f"def function{n}(): pass\n" for n in range(400)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    plant(tmp_path / "root", PACKAGE)
    return tmp_path / "root"


def test_it_indexes_and_ends_with_its_editor(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        assert running.next_report().state is WorkerState.INDEXING
        assert running.until(WorkerState.READY).files == 3
        running.until_known("Item")
        assert running.leave() == 0


def test_it_ends_when_it_is_told_to(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.send(Command(stop=True))
        assert running.process.wait() == 0


@pytest.mark.parametrize("ending", ["leave", "stop"])
def test_it_ends_in_the_middle_of_its_work(ending: str, root: Path, tmp_path: Path) -> None:
    plant(root, MANY)
    with worker(root, tmp_path) as running:
        running.until(WorkerState.INDEXING)
        if ending == "stop":
            running.send(Command(stop=True))
        assert running.leave() == 0


def test_it_sees_what_changes(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        plant(root, {"shop/model.py": "def edited(): pass\n"})
        running.until_known("edited")
        plant(root, {"new/folder/file.py": "def in_new_folder(): pass\n"})
        running.until_known("in_new_folder")
        plant(root, {"new/folder/file.py": "def in_watched_folder(): pass\n"})
        running.until_known("in_watched_folder")
        shutil.rmtree(root / "new")
        while running.index.symbols_named(["in_watched_folder"], 1):
            running.until(WorkerState.READY)
        plant(root, MANY)
        running.until_known("function399")


def test_it_takes_what_the_editor_says(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        plant(root, {"shop/model.py": "def edited(): pass\n"})
        running.send(Command(changed=("shop/model.py", "../outside.py", "/etc/passwd", "no")))
        running.until_known("edited")
        assert running.leave() == 0


def test_it_forgets_what_an_ignore_file_names(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        plant(root, {".cloisterignore": "model.py\n"})
        while running.index.symbols_named(["Item"], 1):
            running.until(WorkerState.READY)


def test_a_root_that_vanishes_and_comes_back_is_kept(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        root.rename(tmp_path / "elsewhere")
        running.until(WorkerState.READY)
        assert running.index.symbols_named(["Item"], 1) != []
        plant(root, PACKAGE | {"shop/new.py": "def came_back(): pass\n"})
        running.until_known("came_back")


def test_one_writes_and_the_next_takes_over(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as first:
        first.until(WorkerState.READY)
        with worker(root, tmp_path) as second:
            assert second.next_report().state is WorkerState.WAITING
            first.process.kill()
            assert second.until(WorkerState.READY).files == 3
            plant(root, {"shop/model.py": "def edited(): pass\n"})
            second.until_known("edited")


def test_one_that_waits_ends_with_its_editor(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as first:
        first.until(WorkerState.READY)
        with worker(root, tmp_path) as second:
            second.until(WorkerState.WAITING)
            assert second.leave() == 0


@pytest.mark.parametrize("n_reports", [1, 2, 3])
def test_whenever_it_is_killed_the_index_can_be_used(
    n_reports: int, root: Path, tmp_path: Path
) -> None:
    plant(root, MANY)
    with worker(root, tmp_path) as running:
        for _ in range(n_reports):
            running.next_report()
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        everything(running.index)
    with worker(root, tmp_path) as running:
        assert running.until(WorkerState.READY).files == 403
        running.until_known("function399")


def test_a_database_that_breaks_is_made_again_by_the_next_one(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        assert running.leave() == 0
    database_of(root, tmp_path).write_bytes(b"no database")
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        running.until_known("Item")


def test_of_two_that_start_at_once_one_writes(root: Path, tmp_path: Path) -> None:
    with worker(root, tmp_path) as one, worker(root, tmp_path) as other:
        states = {one.next_report().state, other.next_report().state}
        assert states == {WorkerState.WAITING, WorkerState.INDEXING}
        one.leave()
        other.leave()


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "trouble",
    ["-o size=200k", "-o size=64k,nr_inodes=3", "-o ro"],
    ids=["little space", "no more files", "read-only"],
)
def test_without_space_it_says_so_once_and_goes_on(
    trouble: str, root: Path, tmp_path: Path
) -> None:
    plant(root, {f"f{n}.py": f"def function{n}(): pass\n" * 50 for n in range(100)})
    folder = database_of(root, tmp_path).parent
    folder.mkdir(parents=True)
    command = [sys.executable, "-P", "-m", "cloister", "index", "--serve", str(root)]
    mount = f'mount -t tmpfs {trouble} none "{folder}"'
    with worker(root, tmp_path, command_with_mounts(mount, command)) as running:
        report = running.until(WorkerState.READY)
        assert "free space in the cache folder" in report.problem
        assert report.problem.endswith(".")
        assert running.leave() == 0
