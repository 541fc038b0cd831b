"""What the egress process is started with: an empty folder, and next to nothing of the editor."""

import json
import os
import sys
from pathlib import Path

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.egress.launch import KEPT_VARIABLES, start_egress

TELL = """#!{python}
import json, os, sys
open({report!r}, "w").write(json.dumps({{
    "words": sys.argv[1:], "folder": os.getcwd(), "variables": dict(os.environ),
    "files": [name for name in os.listdir("/dev/fd")],
}}))
"""


def test_it_gets_what_it_needs_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    program = tmp_path / "python"
    program.write_text(TELL.format(python=sys.executable, report=str(report)))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    for name in ("HTTPS_PROXY", "SSL_CERT_FILE", "PYTHONPATH", "LD_PRELOAD", "PATH", "OTHER_KEY"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("WORK_KEY", "k")
    monkeypatch.setenv("HOME", str(tmp_path))
    leaked = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(leaked, True)  # what another library may have done
    link = start_egress(tmp_path / "state" / "empty", ["WORK_KEY", "MISSING"])
    link._process.wait()
    link.kill()
    os.close(leaked)
    said = json.loads(report.read_text())
    assert said["words"] == ["-E", "-P", "-m", "cloister", "egress", "run"]
    assert said["folder"] == str(tmp_path / "state" / "empty")
    assert list((tmp_path / "state" / "empty").iterdir()) == []
    # The interpreter adds the last one where the locale is not set.
    assert set(said["variables"]) <= KEPT_VARIABLES | {"WORK_KEY", "LC_CTYPE"}
    assert said["variables"]["WORK_KEY"] == "k"
    # Standard input, output and error, the report, and the listing itself.
    assert len(said["files"]) == 5


def test_a_process_that_cannot_be_started_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("not a folder")
    with pytest.raises(BackendUnavailableError, match="cannot be started"):
        start_egress(tmp_path / "state" / "empty")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(BackendUnavailableError, match="/nowhere/python"):
        start_egress(tmp_path / "empty")
