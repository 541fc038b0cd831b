"""`cloister index` as a person runs it."""

import json
import subprocess
import sys
from pathlib import Path

from cloister.workspace.index.messages import WorkerState
from support.index_worker import environment, worker
from support.indexed import PACKAGE, plant


def run(cache: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "cloister", "index", *arguments],
        env=environment(cache),
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_it_found(tmp_path: Path) -> None:
    plant(tmp_path / "root", PACKAGE | {"bad.py": "\0"})
    result = run(tmp_path, str(tmp_path / "root"))
    assert result.returncode == 0
    assert "3 files, 4 symbols" in result.stdout
    assert "1 of 1 imports lead to files here" in result.stdout
    assert "1 left out because it is binary" in result.stdout


def test_json_is_one_object(tmp_path: Path) -> None:
    plant(tmp_path / "root", PACKAGE)
    result = run(tmp_path, "--json", str(tmp_path / "root"))
    assert (result.returncode, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["files"], told["indexed"], told["resolved_imports"]) == (3, 3, 1)
    assert told["root"] == str(tmp_path / "root")
    assert Path(told["database"]).stat().st_size == told["database_bytes"]
    again = json.loads(run(tmp_path, "--json", str(tmp_path / "root")).stdout)
    assert (again["indexed"], again["files"]) == (0, 3)


def check_refusal(result: "subprocess.CompletedProcess[str]", said: str) -> None:
    assert result.returncode == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_root_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    check_refusal(run(tmp_path, str(tmp_path / "nowhere")), "is not a folder")


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check_refusal(run(tmp_path / "file", str(tmp_path)), "cannot be made")


def test_beside_an_editor_it_only_looks(tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(root, PACKAGE)
    with worker(root, tmp_path) as running:
        running.until(WorkerState.READY)
        result = run(tmp_path, "--json", str(root))
        assert result.returncode == 0
        assert "An editor keeps this index up to date" in result.stderr
        assert (json.loads(result.stdout)["files"], json.loads(result.stdout)["indexed"]) == (3, 0)


def test_a_watch_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(root, PACKAGE)
    command = [sys.executable, "-P", "-m", "cloister", "index", "--watch", "--json", str(root)]
    with worker(root, tmp_path, command) as running:
        running.until(WorkerState.READY)
        plant(root, {"shop/model.py": "def edited(): pass\n"})
        running.until_known("edited")
