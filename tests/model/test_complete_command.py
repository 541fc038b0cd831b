"""`cloister complete` with the real engine and the bundled model."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.engine_process import private_engine

CLOISTER = str(Path(sys.executable).with_name("cloister"))
SOURCE = """\
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def move(self, dx, dy):
        self.x = self.x + dx
        self.y = self.y + d
"""

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


def complete(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    place = f"{path}:8:28"
    return subprocess.run(
        [CLOISTER, "complete", place, *arguments], capture_output=True, text=True, check=False
    )


def test_json_has_everything_that_scripts_need(tmp_path: Path) -> None:
    path = tmp_path / "point.py"
    path.write_text(SOURCE)
    result = complete(path, "--json", "--root", str(tmp_path))
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert set(answer) == {"items", "outcome", "model", "backend", "timings"}
    assert answer["model"] == "cloister-starter-v0"
    assert answer["backend"] == "local"
    timings = answer["timings"]
    assert timings["prompt_tokens"] == timings["evaluated_tokens"] + timings["reused_tokens"] > 0
    assert timings["generated_tokens"] > 0
    for item in answer["items"]:
        assert item["range"]["end"] == {"line": 8, "column": 28}
        assert item["insert_text"].startswith("d")


def test_a_second_call_reuses_the_engine_and_what_it_read(tmp_path: Path) -> None:
    path = tmp_path / "point.py"
    path.write_text(SOURCE)
    first = json.loads(complete(path, "--json").stdout)
    second = json.loads(complete(path, "--json").stdout)
    assert second["timings"]["evaluated_tokens"] == 1
    assert second["items"] == first["items"]


def test_people_get_the_lines_around(tmp_path: Path) -> None:
    path = tmp_path / "point.py"
    path.write_text(SOURCE)
    result = complete(path)
    assert result.returncode == 0, result.stderr
    assert "self.y = self.y + d" in result.stdout
    assert "cloister-starter-v0" in result.stdout
