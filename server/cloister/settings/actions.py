"""The code actions that the user's own file adds: `[actions.NAME]`, nothing else may add one.

Neither an editor nor a repository has a say here: what a model is told to do with somebody's code
is that person's choice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cloister.core.errors import SettingsError
from cloister.settings.strict_table import (
    Group,
    Key,
    read_fields,
    read_tables,
    require_fields,
    text,
)

ACTIONS = "actions"
_KIND = re.compile(r"(?:quickfix|refactor)(?:\.[a-z][A-Za-z0-9_-]{0,39}){0,4}")
_RESERVED = frozenset({"list"})
_MOST_ACTIONS = 50
_MOST_TITLE_CHARS = 80
_MOST_INSTRUCTION_CHARS = 4_000
_MOST_LANGUAGES = 50


class AppliesTo(StrEnum):
    """What an action is about."""

    FUNCTION = "function"
    CLASS = "class"
    SELECTION = "selection"


class ModelClass(StrEnum):
    """Whose model does an action."""

    LOCAL = "local"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class ActionSettings:
    """One action: what the menu shows, and what the model is told.

    `languages` empty means all of them; `applies_to` None means the selection where there is one,
    else the function at the cursor; `model` None means the one here and every service.
    """

    name: str
    title: str
    instruction: str
    kind: str = "refactor.rewrite"
    languages: tuple[str, ...] = ()
    applies_to: AppliesTo | None = None
    model: ModelClass | None = None


def parse_actions(table: object) -> tuple[tuple[ActionSettings, ...], tuple[str, ...]]:
    """Return the actions of the whole group, and one sentence per one that cannot be used."""
    if isinstance(table, Mapping) and len(table) > _MOST_ACTIONS:
        return (), (f"There are more than {_MOST_ACTIONS} actions; remove some.",)
    return read_tables(_GROUP, table, parse_action)


def parse_action(name: str, values: object) -> ActionSettings:
    """Return the action of one table; raises SettingsError with the first mistake in it."""
    fields = read_fields(_GROUP, name, values)
    if name in _RESERVED:
        raise SettingsError(f"{name!r} cannot name an action; choose another name.")
    require_fields(_GROUP, fields, "title", "instruction")
    return ActionSettings(**fields)


def _title(value: object) -> str:
    if len(title := text(value)) > _MOST_TITLE_CHARS:
        raise ValueError
    return title


def _instruction(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MOST_INSTRUCTION_CHARS or not value.strip():
        raise ValueError
    return value.strip()


def _kind(value: object) -> str:
    if not _KIND.fullmatch(kind := text(value)):
        raise ValueError
    return kind


def _languages(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_LANGUAGES:
        raise ValueError
    return tuple(map(text, value))


_GROUP = Group(
    ACTIONS,
    "action",
    {
        "title": Key(f"a line of at most {_MOST_TITLE_CHARS} characters", _title),
        "instruction": Key(
            f"a text of at most {_MOST_INSTRUCTION_CHARS:,} characters", _instruction
        ),
        "kind": Key("`quickfix`, `refactor` or a kind below, such as refactor.rewrite", _kind),
        "languages": Key('a list of names such as ["python", "go"]', _languages),
        "applies-to": Key(f"one of {', '.join(AppliesTo)}", AppliesTo),
        "model": Key(f"one of {', '.join(ModelClass)}", ModelClass),
    },
)
