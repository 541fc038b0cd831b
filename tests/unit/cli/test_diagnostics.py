"""`--diagnostics`: what other tools report, as JSON or in lines."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.cli.action_result import put_out
from cloister.cli.diagnostics import read_problems
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.features.editing.task import Finding, Findings, Severity
from support.lsp_client import environment

SOURCE = "import os\nx = 1\n\ny = 2\n"
AT = {"start": {"line": 1, "character": 0}, "end": {"line": 3, "character": 9}}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([{"range": AT, "message": "bad", "source": "lint"}], [("x = 1\n\ny = 2", "bad", "lint")]),
        ({"uri": "x", "diagnostics": [{"line": 2, "message": "bad"}]}, [("x = 1", "bad", "")]),
        ([{"line": 2, "message": "bad"}, 3, {}, {"line": "2"}], [("x = 1", "bad", "")]),
        ("a.py:1:8: F401 unused", [("import os", "F401 unused", "")]),
        ("./a.py:2: bad\r\nFound 1 error.\n", [("x = 1", "bad", "")]),
        ("../a.py:1: other\nb/../a.py:2: bad", [("x = 1", "bad", "")]),
        ("TMP/a.py:4: error: bad  [code]\nb.py:1: other", [("y = 2", "error: bad  [code]", "")]),
    ],
)
def test_what_linters_and_servers_say_is_read(
    file: Path, said: object, found: list[tuple[str, str, str]]
) -> None:
    report = said if isinstance(said, str) else json.dumps(said)
    (file.parent / "report").write_text(report.replace("TMP", str(file.parent)), encoding="utf-8")
    problems = read_problems("report", document(file))
    assert [
        (SOURCE[it.span.start : it.span.end], it.message, it.source) for it in problems
    ] == found


@pytest.mark.parametrize(
    "report", ["", "[]", "{}", "b.py:1: other", "a.py:99: beyond", "[" * 100_000, '{"line": 1}']
)
def test_a_report_without_a_problem_is_a_mistake(file: Path, report: str) -> None:
    (file.parent / "report").write_text(report, encoding="utf-8")
    with pytest.raises(CloisterError, match="reports nothing of"):
        read_problems("report", document(file))


def test_a_report_that_is_missing_is_a_mistake(file: Path) -> None:
    with pytest.raises(CloisterError, match="cannot be read"):
        read_problems("missing", document(file))


def test_a_file_is_the_same_however_it_is_called(file: Path) -> None:
    (file.parent / "report").write_text("a.py:2: bad", encoding="utf-8")
    called = document(file.parent / ".." / file.parent.name / "a.py")
    assert len(read_problems("report", called)) == 1


def test_what_a_review_prints_can_be_fixed(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = Findings(Span(0, 9), (Finding(Span(0, 9), Severity.WARNING, "Unused."),))
    for is_json, message in ((False, "warning: Unused."), (True, "Unused.")):
        options = type("Options", (), {"json": is_json, "apply": False})
        put_out(options, document(file), findings)
        printed = capsys.readouterr().out.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(printed)))
        (problem,) = read_problems("-", document(file))
        assert (problem.span, problem.message) == (Span(0, 9), message)


@given(st.text(max_size=40).map(lambda text: text.replace("line", '"line": 1')))
def test_whatever_is_reported_is_a_problem_of_the_file_or_a_mistake(said: str) -> None:
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(said.encode("utf-8", "replace")))
    try:
        problems = read_problems("-", document(Path("/a.py")))
    except CloisterError:
        return
    finally:
        sys.stdin = stdin
    assert all(0 <= it.span.start <= it.span.end <= len(SOURCE) for it in problems)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("fix", "a.py:1"), 2, "Say what to fix"),
        (("fix-all", "a.py"), 2, "Say what to fix"),
        (("fix", "a.py:1", "--diagnostics", "report"), 1, "follows instructions"),
        (("fix", "a.py:2", "--diagnostics", "report"), 1, "not possible here"),
        (("fix-all", "a.py", "--diagnostics", "report"), 1, "follows instructions"),
        (("fix-all", "a.py:4", "--diagnostics", "report"), 1, "follows instructions"),
    ],
)
def test_mistakes_are_one_sentence(
    file: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    (file.parent / "report").write_text("a.py:1: unused\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cloister", "action", *words],
        env=environment() | {"XDG_CONFIG_HOME": str(file.parent)},
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
    assert message in done.stderr


def document(path: Path) -> DocumentSnapshot:
    return DocumentSnapshot(path.as_uri(), path, "python", None, Text(SOURCE))
