"""`cloister backend` as a person uses it, with a service on loopback and real processes."""

import asyncio
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cloister.cli import main
from cloister.observe.usage import UsageRecord, Use
from support.instruct_model import instruct_model
from support.service_answers import chat_delta, completion_part, events
from support.service_server import Reply, serving

KEY = "sk-canary-0123456789"
# The engine that the command starts ends with it.
PERMITTED = "[privacy]\nloopback = true\n[engine]\nidle_seconds = 0\n"
USAGE = {"usage": {"prompt_tokens": 30, "completion_tokens": 5}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("config", "state", "cache", "data"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CLOISTER_LOCAL_ONLY", raising=False)
    return tmp_path


def config(home: Path) -> Path:
    return home / "config" / "cloister" / "config.toml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["backend", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0
    backends: list[dict[str, Any]] = json.loads(out)["backends"]
    return backends


def test_what_is_added_is_listed_and_removed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nothing can leave" in run(capsys, "list")[1]
    words = ("--provider", "vllm", "--model", "qwen2.5-coder-32b", "--url", "https://gpu.example")
    budget = ("--monthly-budget", "10", "--key", "environment", "--key-environment", "GPU_KEY")
    code, out, _ = run(capsys, "add", "work", *words, *budget)
    assert (code, "https://gpu.example:443" in out) == (0, True)
    (backend,) = listed(capsys)
    assert backend["origin"] == "https://gpu.example:443"
    assert (backend["key"], backend["monthly_budget"]) == ("environment", 10.0)
    assert (backend["spent_this_month"], backend["problem"]) == (0, "")
    assert "https://gpu.example:443" in run(capsys, "list")[1]
    assert run(capsys, "remove", "work")[0] == 0
    assert listed(capsys) == []
    assert run(capsys, "remove", "work")[0] == 2
    assert "[backends.work]" not in config(home).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--provider", "opnai", "--model", "m"), "did you mean 'openai'"),
        (("--provider", "vllm", "--model", "m"), "needs a 'url'"),
        (("--provider", "vllm", "--model", "m", "--url", "http://gpu.example"), "unencrypted"),
        (("--model", "m"), "give --provider"),
        (("--provider", "openai"), "give --model"),
    ],
)
def test_a_mistake_writes_nothing(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, _, err = run(capsys, "add", "work", *words)
    assert (code, sentence in err) == (2, True)
    assert not config(home).exists()


@pytest.mark.parametrize("key", ["", "two words", "ümlaut"])
def test_what_is_no_key_is_not_stored(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    code, _, err = run(capsys, "add", "work", "--provider", "openai", "--model", "m")
    assert (code, "That is no key" in err) == (2, True)
    assert not key or key not in err
    assert not config(home).exists()


def test_a_key_that_is_elsewhere_is_changed_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "add", "here", "--provider", "ollama", "--model", "qwen2.5-coder:7b")
    code, _, err = run(capsys, "key", "here")
    assert (code, "is not in the keyring but: none" in err) == (2, True)
    assert home.is_dir()


def test_trying_is_refused_with_the_rule(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "here", "--provider", "ollama", "--model", "qwen2.5-coder:7b")
    code, out, err = run(capsys, "test", "here")
    assert (code, out) == (1, "")
    assert "`[privacy] level` is local-only" in err
    assert str(config(home)) in err
    assert "no backend 'other'" in run(capsys, "test", "other")[2]


@pytest.mark.model
async def test_a_service_is_tried_like_this_machine(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = Reply(b'{"data": [{"id": "qwen2.5-coder-7b"}]}')
    completion = Reply(events(completion_part("first + second", "stop") | USAGE, "[DONE]"))
    chat = Reply(events(chat_delta("hello", "stop") | USAGE, "[DONE]"))
    async with serving(models, completion, chat) as server:
        words = ("--provider", "vllm", "--model", "qwen2.5-coder-7b", "--url", server.url)
        key = ("--key", "environment", "--key-environment", "WORK_KEY")
        assert run(capsys, "add", "work", *words, *key)[0] == 0
        with config(home).open("a", encoding="utf-8") as file:
            file.write(PERMITTED)
        # The command locks its process, so it gets one of its own.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloister", "backend", "test", "work", "--json"),
            env=os.environ | {"WORK_KEY": KEY},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    said = json.loads(out)
    assert said["models"] == ["qwen2.5-coder-7b"]
    tried = {(it["backend"], it["task"]): it for it in said["trials"]}
    assert {it for it, trial in tried.items() if trial["works"]} == {
        *(("work", "completion"), ("work", "chat"), ("local", "completion"))
    }
    # The bundled model was not made for conversations, and that is said.
    assert tried["local", "chat"]["problem"]
    assert tried["work", "completion"]["text"] == "first + second"
    assert tried["work", "chat"]["prompt_tokens"] == 30
    assert tried["local", "completion"]["cost"] == 0
    assert [request.headers["authorization"] for request in server.received] == [
        f"Bearer {KEY}"
    ] * 3
    assert KEY.encode() not in out
    assert main(["usage", "--json"]) == 0
    local, work = json.loads(capsys.readouterr().out)["rows"]
    assert work["key"] == ["work", "qwen2.5-coder-7b"]
    assert (work["requests"], work["prompt_tokens"], work["unpriced"]) == (2, 60, 2)
    assert local["key"] == ["local", "cloister-starter-v0"]
    assert (local["requests"], local["unpriced"]) == (1, 0)


@pytest.mark.model
async def test_the_model_for_actions_is_who_chats_on_this_machine(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = Reply(events(chat_delta("hello", "stop") | USAGE, "[DONE]"))
    async with serving(Reply(b"{}"), chat) as server:
        words = ("--provider", "openai", "--model", "gpt-4.1", "--url", server.url)
        assert run(capsys, "add", "work", *words, "--key", "none")[0] == 0
        with config(home).open("a", encoding="utf-8") as file:
            file.write(PERMITTED)
        text = config(home).read_text(encoding="utf-8")
        config(home).write_text(f'action_model = "{instruct_model()}"\n{text}', encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloister", "backend", "test", "work", "--json"),
            stdout=subprocess.PIPE,
        )
        out, _ = await process.communicate()
    tried = {(it["backend"], it["task"]): it for it in json.loads(out)["trials"]}
    assert tried["local", "chat"]["works"]
    assert tried["local", "chat"]["generated_tokens"] > 0
    # A chat model that fills no gap is no completion, and that is said.
    assert tried["work", "completion"]["problem"] == "The answer is empty."


@pytest.mark.model
async def test_a_budget_that_is_spent_sends_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011  # a budget's month is the user's own
    record = UsageRecord.below(home / "state")
    record.add(Use(day, "work", "m", "", cost=5.0))
    async with serving(Reply()) as server:
        words = ("--provider", "vllm", "--model", "m", "--url", server.url)
        assert run(capsys, "add", "work", *words, "--monthly-budget", "5")[0] == 0
        with config(home).open("a", encoding="utf-8") as file:
            file.write(PERMITTED)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloister", "backend", "test", "work"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 1
        assert b"has spent 5.00 USD of its monthly budget of 5.00 USD" in out
        assert server.received == []


def test_a_file_with_mistakes_is_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config(home).parent.mkdir(parents=True)
    text = '[backends.a]\nprovider = "vllm"\nmodel = "m"\n[backends.b]\nmodle = "m"\n'
    config(home).write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "list")
    assert (code, "needs a 'url'" in out) == (0, True)
    assert "no key 'modle'; did you mean 'model'" in err
    assert "no key 'modle'" in run(capsys, "test", "b")[2]


def test_a_service_whose_cost_cannot_be_read_is_listed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--provider", "openai", "--model", "gpt-4.1", "--key", "none")
    assert run(capsys, "add", "work", *words)[0] == 0
    month = f"{date.today():%Y-%m}"  # noqa: DTZ011  # the user's own
    (home / "state" / "cloister" / "usage" / f"usage-{month}.jsonl").mkdir(parents=True)
    (told,) = listed(capsys)
    assert told["spent_this_month"] is None
    assert "cannot be read (Is a directory), so nothing is sent" in told["problem"]
    assert "not known" in run(capsys, "list")[1]


@pytest.mark.parametrize("words", [("backend", "--help"), ("action", "list"), ("--version",)])
def test_who_reads_no_further_is_no_error(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    # As most people have it: what is written stays in memory until the end.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    try:
        command = [sys.executable, "-m", "cloister", *words]
        done = subprocess.run(
            command, stdout=writing, stderr=subprocess.PIPE, env=buffered, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
