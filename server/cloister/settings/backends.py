"""The services that the user's own file names: `[backends.NAME]`, nothing else may name one.

Neither an editor nor a repository has a say here: nobody but the user decides where text may go and
with which key. A table with a mistake in it is left out as a whole and reported, because half of
what somebody wanted might send text elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cloister.core.errors import SettingsError
from cloister.settings.strict_table import (
    Group,
    Key,
    absolute_path,
    command,
    read_fields,
    read_tables,
    require_fields,
    text,
)
from cloister.settings.user_file import edit_user_file, read_user_table

_GROUP = "backends"
_MOST_PARAMETERS = 20
_MOST_TOKENS = 10_000_000
_MOST_BUDGET = 1_000_000


class KeySource(StrEnum):
    """Where a key is kept; the key itself never stands in the file."""

    NONE = "none"
    KEYRING = "keyring"
    COMMAND = "command"
    FILE = "file"
    ENVIRONMENT = "environment"


class CompletionWay(StrEnum):
    """How the text at a cursor is asked for.

    `raw` sends the model's own infilling markers, `suffix` a parameter of that name, `infill` uses
    llama-server's endpoint, `chat` asks a chat model to fill the gap.
    """

    RAW = "raw"
    SUFFIX = "suffix"
    INFILL = "infill"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """One service: which, where, with what model and what key.

    `url` None means the provider's own. `completion` and `context_tokens` None mean what the
    provider is known for. `parameters` are added to the body of every request as they are.
    `monthly_budget` None means none, in the currency of the price table. `plain_http` permits
    unencrypted connections within the local network, `ca_file` adds a certificate authority.
    """

    name: str
    provider: str
    model: str
    url: str | None = None
    key: KeySource = KeySource.NONE
    key_command: tuple[str, ...] = ()
    key_file: Path | None = None
    key_environment: str | None = None
    monthly_budget: float | None = None
    completion: CompletionWay | None = None
    context_tokens: int | None = None
    ca_file: Path | None = None
    plain_http: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)


def read_backends(path: Path) -> tuple[dict[str, BackendSettings], tuple[str, ...]]:
    """Return the file's backends by name, and one sentence per one that cannot be used.

    A missing file names none. Raises SettingsError when the file as a whole cannot be read.
    """
    tables = read_user_table(path).get(_GROUP, {})
    backends, problems = read_tables(_TABLES, tables, parse_backend)
    return {it.name: it for it in backends}, tuple(f"{path}: {it}" for it in problems)


def parse_backend(name: str, values: object) -> BackendSettings:
    """Return the backend of one table; raises SettingsError with the first mistake in it."""
    fields = read_fields(_TABLES, name, values)
    require_fields(_TABLES, fields, "provider", "model")
    backend = BackendSettings(**fields)
    _require_place_of_key(backend)
    return backend


def write_backend(path: Path, name: str, values: Mapping[str, Any]) -> None:
    """Write one backend's table in the form of the file, in place of one of the same name.

    Raises SettingsError for values that could not be read again, and when the file cannot be
    changed; it is then as it was.
    """
    parse_backend(name, values)

    def write(document: dict[str, Any]) -> None:
        document.setdefault(_GROUP, {})[name] = dict(values)

    edit_user_file(path, write)


def remove_backend(path: Path, name: str) -> None:
    """Remove one backend's table; raises SettingsError when there is none of that name."""

    def remove(document: dict[str, Any]) -> None:
        if name not in document.get(_GROUP, {}):
            raise SettingsError(f"There is no backend {name!r}; `cloister backend list` names all.")
        del document[_GROUP][name]

    edit_user_file(path, remove)


def _require_place_of_key(backend: BackendSettings) -> None:
    places = {
        KeySource.COMMAND: ("key-command", backend.key_command),
        KeySource.FILE: ("key-file", backend.key_file),
        KeySource.ENVIRONMENT: ("key-environment", backend.key_environment),
    }
    key, place = places.get(backend.key, ("", True))
    if not place:
        raise SettingsError(f"The backend {backend.name!r} needs {key!r}; add it.")


def _number_up_to(most: float, kind: type) -> Callable[[object], Any]:
    def read(value: object) -> Any:
        accepted = int if kind is int else (int, float)
        if not isinstance(value, accepted) or isinstance(value, bool) or not 0 <= value <= most:
            raise ValueError
        return kind(value)

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # every reader says the same way that a value is wrong
    return value


def _parameters(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or len(value) > _MOST_PARAMETERS:
        raise ValueError
    if not all(isinstance(item, str | int | float | bool) for item in value.values()):
        raise ValueError
    return dict(value)


_KEYS: Mapping[str, Key] = {
    "provider": Key("a provider's name", text),
    "model": Key("a model's name", text),
    "url": Key("a URL", text),
    "key": Key(f"one of {', '.join(KeySource)}", KeySource),
    "key-command": Key("a list of words, first the absolute path of a program", command),
    "key-file": Key("an absolute path", absolute_path),
    "key-environment": Key("a variable's name", text),
    "monthly-budget": Key(f"a number from 0 to {_MOST_BUDGET}", _number_up_to(_MOST_BUDGET, float)),
    "completion": Key(f"one of {', '.join(CompletionWay)}", CompletionWay),
    "context-tokens": Key("a whole number of tokens", _number_up_to(_MOST_TOKENS, int)),
    "ca-file": Key("an absolute path", absolute_path),
    "plain-http": Key("true or false", _flag),
    "parameters": Key("a table of plain values", _parameters),
}
_TABLES = Group(_GROUP, "backend", _KEYS)
