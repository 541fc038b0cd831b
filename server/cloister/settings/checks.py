"""The user's own programs that judge what an action writes: `[checks.LANGUAGE]`.

They stand in the user's file alone: neither an editor nor a repository may say what is started.
"""

from dataclasses import dataclass

from cloister.core.errors import SettingsError
from cloister.settings.strict_table import Group, Key, command, read_fields, read_tables

CHECKS = "checks"
FILE = "{file}"
"""What stands in a command for the copy's path; without it the text is on standard input."""

_COMMAND = "a list of words, first the absolute path of a program"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What is run for the language `name`; each is empty where nothing is.

    `command` accepts a text by ending with 0. `format` writes it anew.
    """

    name: str
    command: tuple[str, ...] = ()
    format: tuple[str, ...] = ()


def parse_checks(table: object) -> tuple[tuple[CheckSettings, ...], tuple[str, ...]]:
    """Return the checks of the whole group, and one sentence per one that cannot be used."""
    return read_tables(_GROUP, table, parse_check)


def parse_check(name: str, values: object) -> CheckSettings:
    """Return the check of one table; raises SettingsError with the first mistake in it."""
    fields = read_fields(_GROUP, name, values)
    if not fields.keys() & _GROUP.keys.keys():
        raise SettingsError(f"The check {name!r} needs 'command' or 'format'; add one.")
    return CheckSettings(**fields)


_GROUP = Group(
    CHECKS,
    "check",
    {"command": Key(_COMMAND, command), "format": Key(_COMMAND, command)},
    names="LANGUAGE",
)
