import os
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.cli import main
from cloister.cli.complete import parse_place
from cloister.core.errors import SettingsError


def test_a_place_is_split_from_the_right() -> None:
    assert parse_place("a:b/c.py:12:5") == (Path("a:b/c.py"), 12, 5)


@pytest.mark.parametrize(
    "place",
    ["", "a.py", "a.py:1", "a.py:0:1", "a.py:1:0", "a.py:x:1", ":1:1", "a.py:1:" + "1" * 5000],
)
def test_what_is_not_a_place_is_said(place: str) -> None:
    with pytest.raises(SettingsError, match="PATH:LINE:COLUMN"):
        parse_place(place)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["complete", "a.py"], 2, "PATH:LINE:COLUMN"),
        (["complete", "/nowhere/a.py:1:1"], 1, "/nowhere/a.py cannot be read"),
        (["complete", "{file}:99:1"], 2, "has 2 lines"),
        (["complete", "{file}:1:99"], 2, "ends at column 6"),
        (["complete", "{file}:1:1", "--root", "/nowhere"], 2, "/nowhere does not exist"),
        (["complete", "{file}:1:1", "--model", "gpt-9"], 2, "There is no model"),
        (["complete", "{file}:1:1", "--model", "/nowhere.gguf"], 1, "no model file"),
        (["complete", "~nosuchuser0/a.py:1:1"], 2, "home folder"),
        (["complete", "{file}:1:1", "--root", "~nosuchuser0"], 2, "home folder"),
        (["complete", "{file}:1:1", "--model", "~nosuchuser0/x.gguf"], 2, "home folder"),
        (["lsp", "--backend", "magic"], 2, "There is no backend"),
        (["lsp", "--backend", "scripted:/nowhere.json"], 2, "cannot be used"),
    ],
)
def test_every_mistake_has_an_exit_code_and_one_sentence(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    # In a process of its own: what it locks stays locked.
    command = [sys.executable, "-m", "cloister", *(word.format(file=file) for word in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.startswith("cloister: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["complete"], ["--nonsense"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: cloister" in capsys.readouterr().err


def test_the_version_imports_nothing_heavy() -> None:
    script = (
        "import sys; from cloister.cli import main; main(['--version']); "
        "heavy = ('asyncio', 'pygls', 'rich', 'tree_sitter', 'numpy'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[0].startswith("cloister ")
    assert result.stdout.splitlines()[1] == "[]"


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "binary", "latin-1"])
def test_a_source_that_cannot_be_read_is_one_sentence(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.py"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/zero")
        case "binary":
            path.write_bytes(b"x = 1\0\n")
        case "latin-1":
            path.write_bytes("# é\n".encode("latin-1"))
    assert main(["complete", f"{path}:1:1"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert str(path) in captured.err
    assert captured.err.count("\n") == 1


def test_the_exit_code_survives_output_that_cannot_be_written() -> None:
    script = "from cloister.cli.lsp import leave; print('a last line'); leave({})"
    # Unbuffered output would fail at the print already.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        codes = [
            subprocess.run(
                [sys.executable, "-c", script.format(code)],
                stdout=full,
                stderr=full,
                env=environ,
                check=False,
            ).returncode
            for code in (0, 1)
        ]
    assert codes == [0, 1]
