"""`cloister eval context` as a person uses it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.cli import main
from support.replays import make_repository


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval") / "repository"
    make_repository(folder)
    return folder


@pytest.fixture(autouse=True)
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is locked stays locked, and here it would be the tests themselves.
    monkeypatch.setattr("cloister.engine.sandbox.lock_front_end", lambda _directory: None)


def evaluate(root: Path, *words: str) -> int:
    return main(["eval", "context", str(root), "--since", "1y", "--n", "6", *words])


def test_everything_is_told_as_json_and_by_case(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    assert evaluate(root, "--json", "--cases", str(path)) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["facts"]["tokens"] == "a quarter of the bytes"
    assert set(report["times"]) == {"none", "random", "jaccard", "bm25", "oracle", "cloister"}
    assert report["builders"]["oracle"]["recall"]["512"]["value"] == 1.0
    assert "without similar" in report["builders"]
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(cases) == report["cases"]
    assert sum(len(case["needed"]) for case in cases) == report["needed_names"]


def test_the_same_seed_prints_the_same_but_for_times(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = []
    for _ in range(2):
        assert evaluate(root, "--json", "--quick") == 0
        report = json.loads(capsys.readouterr().out)
        report.pop("times")
        reports.append(json.dumps(report))
    assert reports[0] == reports[1]


def test_two_configurations_are_compared(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(root, "--json", "--compare", "none", "default") == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["builders"]) == {"none", "random", "jaccard", "bm25", "oracle", "default"}
    recall = report["differences"][0]
    assert recall["measure"] == "recall at 512"
    assert recall["value"] == report["builders"]["default"]["recall"]["512"]["value"]
    assert evaluate(root, "--compare", "bm25", "bm25") == 0
    assert "not distinguishable" in capsys.readouterr().out


def test_it_runs_locked_and_in_several_processes(root: Path) -> None:
    words = [str(root), "--since", "1y", "--n", "6", "--quick", "-j", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "cloister", "eval", "context", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["cases"] > 0


def test_a_case_is_explained(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    assert evaluate(root, "--quick", "--cases", str(path)) == 0
    assert "builder" in capsys.readouterr().out
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    case = next(case for case in cases if case["needed"])
    assert evaluate(root, "--explain", case["name"]) == 0
    told = capsys.readouterr().out
    assert f"{case['needed'][0]}: " in told
    assert "║" in told
    assert evaluate(root, "--explain", case["name"], "--json") == 0
    assert json.loads(capsys.readouterr().out)["name"] == case["name"]


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ("recall=0.1", 0),
        ("definitions@512=0.0", 0),
        ("recall@512=1.1", 1),
        ("recall@513=0.1", 2),
        ("nonsense=0.1", 2),
        ("recall=much", 2),
    ],
)
def test_too_little_is_a_failure(
    bound: str, code: int, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        done = evaluate(root, "--quick", "--fail-under", bound)
    except SystemExit as exit_:
        done = exit_.code if isinstance(exit_.code, int) else 1
    assert done == code
    if code == 1:
        assert "recall@512 is" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["/nowhere"], 2, "does not exist"),
        (["{root}", "--since", "whenever"], 2, "is no time"),
        (["{root}", "--since", "2040-01-01"], 1, "No commit since 2040-01-01"),
        (["{root}", "--compare", "default", "nonsense"], 2, "is no configuration"),
        (["{root}", "--model", "gpt-9"], 2, "There is no model"),
        (["{empty}"], 1, "no git repository"),
    ],
)
def test_every_mistake_is_one_sentence(
    words: list[str], code: int, said: str, root: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    named = [word.format(root=root, empty=tmp_path) for word in words]
    assert main(["eval", "context", *named]) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
