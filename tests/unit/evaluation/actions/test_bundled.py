"""`cloister eval actions` with the real engine and the bundled model: the counts add up."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.engine_process import private_engine

CLOISTER = str(Path(sys.executable).with_name("cloister"))

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


def evaluate(*words: str) -> subprocess.CompletedProcess[str]:
    command = [CLOISTER, "eval", "actions", "--model", "bundled", "--language", "python", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_counts_of_a_real_run_add_up() -> None:
    result = evaluate("--n", "6", "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["model"] == "cloister-starter-v0"
    assert len(report["cases"]) == 6
    actions, everything = report["actions"], report["everything"]
    kinds = ("n_solved", "n_wrong", "n_broken", "n_stopped", "n_refused")
    assert sum(everything[kind] for kind in kinds) == everything["n_cases"] == 6
    assert sum(it["n_cases"] for it in actions) == 6
    assert sum(report["refusals"].values()) == everything["n_refused"]
    # It follows no instructions, which is said instead of tried.
    by_name = {it["name"]: it for it in actions}
    assert by_name["fix"]["n_refused"] == by_name["fix"]["n_cases"] == 1
    assert by_name["fix"]["p50_ms"] is None
