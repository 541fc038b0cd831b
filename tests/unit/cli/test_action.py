"""`cloister action` with the bundled model: lists, shows, and changes files safely."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support.lsp_client import environment

SOURCE = '''\
class Circle:
    def width(self) -> float:
        return self.radius * 2

    def height(self) -> float:
        return self.radius * 2

    def size(self):
        return self.radius * 2

    def area(self) -> float:
        """Return the area."""
        raise NotImplementedError
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "circle.py"
    path.write_bytes(b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    return path


def test_every_action_is_listed() -> None:
    lines = act("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert any(line.startswith("implement ") for line in lines)


def test_what_is_possible_at_a_place_is_listed(file: Path) -> None:
    assert "Implement “area”" in act("list", f"{file}:12").stdout
    assert "Implement" not in act("list", f"{file}:9").stdout


def test_a_diff_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    done = act("annotate", f"{file}:8")
    assert "+    def size(self) -> float:" in done.stdout
    assert file.read_bytes() == before


def test_applying_changes_only_what_it_says(file: Path) -> None:
    edits = json.loads(act("annotate", f"{file}:8", "--json").stdout)["edits"]
    (edit,) = edits
    source = SOURCE.replace("\n", "\r\n")
    wanted = source[: edit["start"]] + edit["text"] + source[edit["end"] :]
    assert act("annotate", f"{file}:8", "--apply").returncode == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("implement", "PATH:8"), 1, "not possible here"),
        (("nonsense", "PATH:8"), 1, "not possible here"),
        (("implement", "PATH:99"), 2, "does not exist"),
        (("implement", "PATH"), 2, "is not a place"),
        (("implement",), 2, "Say where"),
        (("edit", "PATH:8"), 2, "Say what to do: --instruction"),
        (("annotate", "PATH:8", "--dry-run"), 2, "give it with --with"),
        (("annotate", "PATH:8", "--with", "x", "--dry-run", "--apply"), 2, "give it with --with"),
    ],
)
def test_mistakes_are_one_sentence(
    file: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = act(*(word.replace("PATH", str(file)) for word in words))
    assert done.returncode == code
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def act(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cloister", "action", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
