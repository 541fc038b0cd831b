"""What `cloister action` does with new files and prose: prints, creates, never overwrites."""

import argparse
import json
from pathlib import Path

import pytest

from cloister.cli.action_result import put_out
from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.features.editing.task import (
    Finding,
    Findings,
    NewFile,
    PartialEdits,
    Prose,
    Result,
    Severity,
)

TESTS = "def test_a():\r\n    assert True\r\n"
DOCUMENT = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", None, Text("x = 1\n"))


def test_a_new_file_is_shown_as_a_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(NewFile(tmp_path / "tests" / "test_a.py", TESTS))
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["--- /dev/null", f"+++ {tmp_path}/tests/test_a.py"]
    assert printed[-2:] == ["+def test_a():", "+    assert True"]
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_is_created_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "tests" / "test_a.py"
    put(NewFile(file, TESTS), "apply")
    assert file.read_bytes() == TESTS.encode()


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "test_a.py"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(CloisterError, match="cannot be written"):
        put(NewFile(file, TESTS), "apply")
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_new_file_is_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    put(NewFile(Path("/test_a.py"), TESTS), "json")
    assert json.loads(capsys.readouterr().out) == {
        "path": "/test_a.py",
        "edits": [{"start": 0, "end": 0, "text": TESTS}],
    }


@pytest.mark.parametrize("way", ["diff", "apply"])
def test_prose_is_printed(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(Prose("It adds.\n"), way)
    assert capsys.readouterr().out == "It adds.\n"


def test_prose_is_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    put(Prose("It adds.\n"), "json")
    assert json.loads(capsys.readouterr().out) == {"path": "/a.py", "markdown": "It adds.\n"}


FOUND = Findings(Span(0, 5), (Finding(Span(0, 5), Severity.WARNING, "It is \u202e never used."),))


def test_findings_are_printed_as_compilers_do(capsys: pytest.CaptureFixture[str]) -> None:
    put(FOUND)
    assert capsys.readouterr().out == "/a.py:1: warning: It is \\u202e never used.\n"
    put(Findings(Span(0, 5)))
    assert capsys.readouterr() == ("", "The model found nothing.\n")


def test_findings_are_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    put(FOUND, "json")
    said = {"line": 1, "severity": "warning", "message": "It is \u202e never used."}
    assert json.loads(capsys.readouterr().out) == {
        "path": "/a.py",
        "diagnostics": [said | {"source": "cloister"}],
    }


def test_what_was_left_out_is_said_beside_the_diff(capsys: pytest.CaptureFixture[str]) -> None:
    put(PartialEdits((TextEdit(Span(4, 5), "2"),), "Fixed 1 of 2."))
    printed = capsys.readouterr()
    assert printed.err == "Fixed 1 of 2.\n"
    assert printed.out.splitlines()[-2:] == ["-x = 1", "+x = 2"]


def put(result: Result, way: str = "diff") -> None:
    options = {"diff": False, "apply": False, "json": False} | {way: True}
    put_out(argparse.Namespace(**options), DOCUMENT, result)
