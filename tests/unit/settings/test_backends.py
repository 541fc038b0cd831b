"""Services in the user's own file: what is read, what is refused, and what writing leaves alone."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import SettingsError
from cloister.settings.backends import (
    BackendSettings,
    CompletionWay,
    KeySource,
    parse_backend,
    read_backends,
    remove_backend,
    write_backend,
)
from cloister.settings.settings import Settings
from cloister.settings.user_file import read_user_file

LEAST = {"provider": "vllm", "model": "m"}
WRITTEN = """\
# my settings
enabled = true  # always

[backends.work]
provider = "vllm"
url = "https://gpu.example:8000"  # the one in the cellar
model = "qwen2.5-coder-32b"
key = "keyring"
monthly-budget = 10
completion = "raw"
context-tokens = 32768
ca-file = "/etc/company.pem"
plain-http = false

[backends.work.parameters]
top_k = 1

[backends.other]
provider = "openai"
model = "m"
key = "command"
key-command = ["/usr/bin/pass", "openai"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def put(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_what_the_file_says_is_read(file: Path) -> None:
    backends, problems = read_backends(put(file, WRITTEN))
    assert problems == ()
    assert backends["work"] == BackendSettings(
        name="work",
        provider="vllm",
        model="qwen2.5-coder-32b",
        url="https://gpu.example:8000",
        key=KeySource.KEYRING,
        monthly_budget=10.0,
        completion=CompletionWay.RAW,
        context_tokens=32768,
        ca_file=Path("/etc/company.pem"),
        parameters={"top_k": 1},
    )
    assert backends["other"].key_command == ("/usr/bin/pass", "openai")
    # The other settings do not mind, and do not change.
    assert read_user_file(file) == (Settings(), ())


def test_a_missing_file_names_nobody(file: Path) -> None:
    assert read_backends(file) == ({}, ())


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({}, "needs 'provider'"),
    ({"provider": "vllm"}, "needs 'model'"),
    ({"modle": "m"}, "no key 'modle'; did you mean 'model'"),
    ({"api-key": "sk-secret"}, "no key 'api-key'"),
    ({"verify": False}, "no key 'verify'"),
    ({"headers": {}}, "no key 'headers'"),
    ({"model": ""}, "'model' of the backend 'b' must be a model's name"),
    ({"model": "a\nb"}, "must be a model's name"),
    ({"model": 5}, "must be a model's name"),
    ({"key": "plain"}, "must be one of none, keyring, command, file, environment"),
    (LEAST | {"key": "command"}, "needs 'key-command'"),
    (LEAST | {"key": "file"}, "needs 'key-file'"),
    (LEAST | {"key": "environment"}, "needs 'key-environment'"),
    ({"key-command": ["pass", "x"]}, "first the absolute path of a program"),
    ({"key-command": []}, "first the absolute path"),
    ({"key-command": "/usr/bin/pass x"}, "first the absolute path"),
    ({"key-file": "key.txt"}, "must be an absolute path"),
    ({"key-file": "~nobody-of-this-name/key"}, "must be an absolute path"),
    ({"monthly-budget": -1}, "must be a number from 0"),
    ({"monthly-budget": float("nan")}, "must be a number from 0"),
    ({"monthly-budget": True}, "must be a number from 0"),
    ({"context-tokens": 1.5}, "must be a whole number"),
    ({"plain-http": 1}, "must be true or false"),
    ({"completion": "magic"}, "must be one of raw, suffix, infill, chat"),
    ({"parameters": {"a": [1]}}, "must be a table of plain values"),
    ({"parameters": {str(n): n for n in range(30)}}, "must be a table of plain values"),
]


@pytest.mark.parametrize(("values", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse_backend("b", values)
    assert sentence in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("name", ["", "Work", "a b", "../x", "x" * 41, "-x"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name a backend"):
        parse_backend(name, LEAST)


def test_one_mistake_leaves_the_others(file: Path) -> None:
    text = WRITTEN + '[backends.broken]\nprovider = "vllm"\nendpoint = "https://x"\n'
    backends, problems = read_backends(put(file, text))
    assert set(backends) == {"work", "other"}
    (problem,) = problems
    assert problem.startswith(f"{file}: The backend 'broken' has no key 'endpoint'")


@pytest.mark.parametrize("text", ["backends = 5", "backends = []", "[backends]\nwork = 5"])
def test_other_shapes_are_reported(file: Path, text: str) -> None:
    backends, problems = read_backends(put(file, text))
    assert backends == {}
    assert len(problems) == 1


def test_writing_leaves_the_rest_alone(file: Path) -> None:
    put(file, WRITTEN)
    values = {"provider": "mistral", "model": "codestral-latest", "key": "keyring"}
    write_backend(file, "new", values)
    assert file.read_text(encoding="utf-8").startswith(WRITTEN)
    backends, problems = read_backends(file)
    assert problems == ()
    assert backends["new"] == parse_backend("new", values)
    write_backend(file, "new", LEAST)
    assert read_backends(file)[0]["new"] == parse_backend("new", LEAST)
    remove_backend(file, "new")
    remove_backend(file, "work")
    assert set(read_backends(file)[0]) == {"other"}
    assert "# my settings" in file.read_text(encoding="utf-8")


def test_writing_into_nothing(file: Path) -> None:
    write_backend(file, "new", LEAST)
    assert read_backends(file) == ({"new": parse_backend("new", LEAST)}, ())


def test_nothing_is_written_that_could_not_be_read(file: Path) -> None:
    put(file, WRITTEN)
    with pytest.raises(SettingsError):
        write_backend(file, "new", {"provider": "vllm"})
    with pytest.raises(SettingsError, match="no backend 'none'"):
        remove_backend(file, "none")
    assert file.read_text(encoding="utf-8") == WRITTEN


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(["provider", "model", "url", "key", "key-command", "parameters", "x"])


@given(st.text(max_size=8) | st.just("b"), VALUES | st.dictionaries(KEYS, VALUES))
def test_any_table_is_read_or_refused(name: str, values: object) -> None:
    with suppress(SettingsError):
        assert parse_backend(name, values).name == name
