"""Keys: read from where the user's file says, bound to one origin, shown to nobody."""

import copy
import io
import json
import pickle
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from cloister.core.errors import SettingsError
from cloister.core.privacy import EndpointClass, Origin
from cloister.egress import keyring_store
from cloister.egress.destination import Destination, Route
from cloister.egress.errors import EgressRefusedError
from cloister.egress.key_commands import serve_key_commands
from cloister.egress.keyring_store import find_key, remove_key, store_key, system_keyring
from cloister.egress.keys import Keys
from cloister.egress.messages import RefusalKind
from cloister.egress.secret import Secret
from cloister.settings.backends import BackendSettings, KeySource

ORIGIN = Origin("https", "api.example", 443)
KEY = "sk-of-nobody"


class Store(KeyringBackend):
    """A keyring in memory; the real ones need a desktop or a session bus."""

    priority = 1  # type: ignore[assignment]  # a property there

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("with details that nobody needs")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(keyring_store, "system_keyring", lambda: store)
    return store


def route(key: KeySource, **fields: object) -> Route:
    settings = replace(BackendSettings("work", "vllm", "m", key=key), **fields)  # type: ignore[arg-type]  # named by the test
    destination = Destination(ORIGIN, frozenset({EndpointClass.INTERNET}))
    return Route(settings, destination, "authorization", "Bearer ")


def keys(environment: Mapping[str, str] | None = None, printed: str = "") -> Keys:
    return Keys(lambda _name: printed, environment or {})


def refusal(at: Route, of: Keys | None = None) -> str:
    with pytest.raises(EgressRefusedError) as refused:
        (of or keys()).headers(at)
    assert refused.value.kind is RefusalKind.KEY
    assert KEY not in str(refused.value)
    return str(refused.value)


def key_file(folder: Path, contents: str = f"{KEY}\n", mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_text(contents, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_key_is_not_shown_and_not_written_down() -> None:
    key = Secret(KEY)
    assert KEY not in f"{key!r} {key} {key:} {[key]} {vars(Secret)}"
    for write in (pickle.dumps, copy.copy, json.dumps):
        with pytest.raises(TypeError):
            write(key)
    assert key.reveal() == KEY


@pytest.mark.parametrize("value", ["", "two words", "line\nbreak", "é", "\x00", "x" * 8193])
def test_what_cannot_stand_in_a_header_is_no_key(value: str) -> None:
    with pytest.raises(ValueError, match="one word") as error:
        Secret(value)
    assert not value or value not in str(error.value)


def test_a_backend_without_a_key_has_no_header() -> None:
    assert keys().headers(route(KeySource.NONE)) == {}


def test_keys_come_from_where_the_file_says(tmp_path: Path, store: Store) -> None:
    store_key("work", ORIGIN, Secret(KEY))
    assert store.kept == {("cloister https://api.example:443", "work"): KEY}
    for at, of in (
        (route(KeySource.KEYRING), keys()),
        (route(KeySource.FILE, key_file=key_file(tmp_path)), keys()),
        (route(KeySource.ENVIRONMENT, key_environment="WORK_KEY"), keys({"WORK_KEY": KEY})),
        (route(KeySource.COMMAND, key_command=("/usr/bin/pass",)), keys(printed=f"{KEY}\n")),
    ):
        assert of.headers(at) == {"authorization": f"Bearer {KEY}"}


def test_a_key_stays_with_its_origin(store: Store) -> None:
    store_key("work", ORIGIN, Secret(KEY))
    elsewhere = Origin("https", "api.example.evil", 443)
    moved = replace(
        route(KeySource.KEYRING), destination=Destination(elsewhere, frozenset(EndpointClass))
    )
    assert "has no key of 'work' for https://api.example.evil:443" in refusal(moved)
    remove_key("work", elsewhere)
    assert find_key("work", ORIGIN) is not None
    remove_key("work", ORIGIN)
    remove_key("work", ORIGIN)
    assert store.kept == {}


@pytest.mark.usefixtures("store")
def test_a_key_is_read_once_until_a_server_turns_it_down() -> None:
    store_key("work", ORIGIN, Secret(KEY))
    at, of = route(KeySource.KEYRING), keys()
    of.headers(at)
    store_key("work", ORIGIN, Secret("sk-new"))
    assert of.headers(at) == {"authorization": f"Bearer {KEY}"}
    of.forget(at)
    assert of.headers(at) == {"authorization": "Bearer sk-new"}


def test_a_keyring_that_is_locked_or_holds_no_key_says_what_to_do(store: Store) -> None:
    assert "store it with `cloister backend add work`" in refusal(route(KeySource.KEYRING))
    store.kept["cloister https://api.example:443", "work"] = "two words"
    assert "is no key" in refusal(route(KeySource.KEYRING))
    store.is_locked = True
    message = refusal(route(KeySource.KEYRING))
    assert "unlock it" in message
    assert "details" not in message


def test_without_a_keyring_there_are_other_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store, "system_keyring", lambda: None)
    assert "`key-file`" in refusal(route(KeySource.KEYRING))
    with pytest.raises(SettingsError, match="no keyring"):
        store_key("work", ORIGIN, Secret(KEY))


def test_no_variable_and_no_file_chooses_a_keyring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(keyring_store, "_BACKENDS", (("keyring.backends.nowhere", "Keyring"),))
    assert system_keyring() is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_key_file_that_others_can_open_is_refused(mode: int, tmp_path: Path) -> None:
    message = refusal(route(KeySource.FILE, key_file=key_file(tmp_path, mode=mode)))
    assert "chmod 600` on it" in message


@pytest.mark.parametrize("contents", ["", "\n", "two words", "é"])
def test_a_key_file_holds_one_word(contents: str, tmp_path: Path) -> None:
    path = key_file(tmp_path, contents)
    assert f"{path} does not hold one word" in refusal(route(KeySource.FILE, key_file=path))


def test_a_key_that_is_not_there_is_said(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert str(missing) in refusal(route(KeySource.FILE, key_file=missing))
    assert "WORK_KEY" in refusal(route(KeySource.ENVIRONMENT, key_environment="WORK_KEY"))
    assert "key-command" in refusal(route(KeySource.COMMAND, key_command=("/bin/true",)))


def answers(settings: BackendSettings) -> list[dict[str, str]]:
    out = io.StringIO()
    serve_key_commands(lambda _name: settings, ["work\n"], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_key_command_is_run_without_the_editors_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/project/bin")
    command = (sys.executable, "-c", "import os; print(os.environ['PATH'].count('project'))")
    settings = route(KeySource.COMMAND, key_command=command).settings
    assert answers(settings) == [{"key": "0\n", "problem": ""}]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("pass", "show", "work"), "must begin with a full path"),
        (("./pass",), "must begin with a full path"),
        (("/nowhere/pass",), "failed; run /nowhere/pass"),
        (("/bin/false",), "failed; run /bin/false"),
        ((sys.executable, "-c", "print('\\xe9')"), "failed; run"),
    ],
)
def test_a_key_command_that_gives_no_key_is_said(command: tuple[str, ...], said: str) -> None:
    (answer,) = answers(route(KeySource.COMMAND, key_command=command).settings)
    assert said in answer["problem"]
    assert answer["key"] == ""


def test_only_key_commands_of_the_users_file_are_run() -> None:
    (answer,) = answers(route(KeySource.FILE).settings)
    assert "has no `key-command` any more" in answer["problem"]
