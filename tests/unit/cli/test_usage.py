"""`cloister usage` as a person uses it."""

import json
from datetime import date
from pathlib import Path

import pytest

from cloister.cli import main
from cloister.observe.usage import LOCAL, UsageRecord, Use

TODAY = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011  # the command counts the user's days


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("config", "state"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    return tmp_path


def record(home: Path, *uses: Use) -> None:
    for use in uses:
        UsageRecord.below(home / "state").add(use)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["usage", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


WORK = Use(TODAY, "work", "gpt-5.4", "/r", 1, 1000, 0, 100, 0.004)
HERE = Use(TODAY, LOCAL, "starter", "/r", 50, 1_000_000, 900_000, 1000)


def test_nothing_was_used_yet(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (0, "Nothing was recorded in this time.\n", "")
    assert home.is_dir()


def test_what_was_used_is_summed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, WORK, WORK, HERE, Use("2020-01-01", "old", "m", "/r"))
    _, out, _ = run(capsys)
    assert "gpt-5.4" in out
    assert "0.0080 USD" in out
    assert "old" not in out
    said = json.loads(run(capsys, "--by", "workspace", "--json")[1])
    (row,) = said["rows"]
    assert (row["key"], row["requests"]) == (["/r"], 52)
    assert len(json.loads(run(capsys, "--days", "10000", "--json")[1])["rows"]) == 3


def test_what_local_tokens_would_have_cost(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, HERE)
    _, out, _ = run(capsys, "--compare", "openai/gpt-5.4", "--machine", "100")
    # 100,000 tokens at 2.50, 900,000 at 0.25, 1,000 at 15 dollars a million.
    assert "Local tokens would have cost 0.4900 USD at openai/gpt-5.4, price of 2026-" in out
    assert "Your machine has paid for itself after 201.1 months." in out
    _, out, _ = run(
        capsys, *("--compare", "openai/gpt-5.4", "--machine", "100"),
        *("--watts", "100", "--electricity", "0.3"),
    )  # fmt: skip
    assert "draws 21.90 USD a month does not pay" in out
    code, _, err = run(capsys, "--compare", "openai/none")
    assert (code, "no price for 'openai/none'" in err) == (2, True)


def test_local_tokens_are_compared_with_the_service_that_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "config" / "cloister" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        '[backends.a]\nprovider = "vllm"\nurl = "https://gpu.example"\nmodel = "m"\n'
        '[backends.b]\nprovider = "openai"\nmodel = "gpt-5.4"\n',
        encoding="utf-8",
    )
    record(home, HERE)
    assert "at openai/gpt-5.4" in run(capsys)[1]


def test_damage_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, WORK)
    (file,) = (home / "state" / "cloister" / "usage").iterdir()
    file.write_text("nonsense\n", encoding="utf-8")
    assert run(capsys)[2] == "1 lines of the record could not be read.\n"


def test_a_number_of_days_that_is_none(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--days", "0")[0] == 2
    assert home.is_dir()


def test_a_record_that_cannot_be_read_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "state" / "cloister" / "usage" / "usage-2026-01.jsonl").mkdir(parents=True)
    code, out, err = run(capsys)
    assert (code, out) == (1, "")
    assert err.startswith("cloister: The record of usage cannot be read (Is a directory); check ")
