"""Reads tables of the user's file strictly: a value that is not understood is a sentence.

A table with a mistake in it is refused as a whole, because half of what somebody wanted may be
something that nobody wanted.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cloister.core.errors import SettingsError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MOST_CHARS = 1000

T = TypeVar("T")


class Key(NamedTuple):
    """What a value of one key becomes; `read` raises ValueError for anything else."""

    wanted: str
    read: Callable[[Any], Any]


class Group(NamedTuple):
    """Tables of one kind, `[group.NAME]`: what one of them is called, its keys, what NAME names."""

    group: str
    noun: str
    keys: Mapping[str, Key]
    names: str = "NAME"


def read_tables(
    group: Group, tables: object, read: Callable[[str, object], T]
) -> tuple[tuple[T, ...], tuple[str, ...]]:
    """Return what `read` makes of each table of a group, and a sentence per one that is refused.

    `read` gets a table's name and values, and raises SettingsError with what is wrong.
    """
    if not isinstance(tables, Mapping):
        return (), (f"{group.group!r} must be a table; write [{group.group}.{group.names}].",)
    found, problems = [], []
    for name, values in tables.items():
        try:
            found.append(read(name, values))
        except SettingsError as error:
            problems.append(str(error))
    return tuple(found), tuple(problems)


def read_fields(group: Group, name: str, values: object) -> dict[str, Any]:
    """Return the table's values by the names of fields.

    Raises SettingsError with the first mistake, a name that is not plain among them.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name[:60]!r} cannot name {_with_article(group.noun)}; "
            "use up to 40 small letters, digits, - and _."
        )
    if not isinstance(values, Mapping):
        raise SettingsError(
            f"The {group.noun} {name!r} must be a table; write [{group.group}.{name}]."
        )
    return {"name": name} | dict(_fields(group, name, values))


def require_fields(group: Group, fields: Mapping[str, Any], *required: str) -> None:
    """Raise SettingsError when a table leaves one of `required` out."""
    for key in required:
        if key not in fields:
            raise SettingsError(f"The {group.noun} {fields['name']!r} needs {key!r}; add it.")


def text(value: object) -> str:
    """Return a text of one line; raises ValueError for anything else."""
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_CHARS or not value.isprintable():
        raise ValueError
    return value


def absolute_path(value: object) -> Path:
    """Return a path that means the same everywhere; raises ValueError for anything else."""
    try:
        path = Path(text(value)).expanduser()
    except RuntimeError as error:
        # There is no such user.
        raise ValueError from error
    if not path.is_absolute():
        raise ValueError
    return path


def command(value: object) -> tuple[str, ...]:
    """Return the words of a command, first its program; raises ValueError for anything else."""
    if not isinstance(value, list) or not value:
        raise ValueError
    # Not through PATH, where a repository may have put a program of the same name.
    return (str(absolute_path(value[0])), *map(text, value[1:]))


def _fields(group: Group, name: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if key not in group.keys:
            raise SettingsError(
                f"The {group.noun} {name!r} has no key {_with_nearest(key, group.keys)}"
            )
        try:
            yield key.replace("-", "_"), group.keys[key].read(value)
        except ValueError as error:
            raise SettingsError(
                f"{key!r} of the {group.noun} {name!r} must be {group.keys[key].wanted}."
            ) from error


def _with_nearest(key: str, keys: Mapping[str, Key]) -> str:
    nearest = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    return f"{key[:60]!r}; did you mean {nearest[0]!r}?" if nearest else f"{key[:60]!r}."


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
