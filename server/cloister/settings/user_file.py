"""The user's own settings file: read whole or not at all, changed one key at a time.

Its keys are the fields of `Settings` (`model`, `completion.max_tokens`). What an editor sends
outranks it, what it leaves out keeps its default. A repository has no such file.
"""

import os
import stat
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloister.core.errors import SettingsError
from cloister.settings.actions import ACTIONS, parse_actions
from cloister.settings.checks import CHECKS, parse_checks
from cloister.settings.resolve import FILE_NAMES, resolve_settings
from cloister.settings.settings import Settings
from cloister.settings.small_file import read_small_file
from cloister.settings.user_folders import UserFolders


def user_file_path(folders: UserFolders) -> Path:
    """Return where the settings file lies, or would lie."""
    return folders.config / "cloister" / "config.toml"


def read_user_file(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Return the file's settings and one sentence per key that cannot be used.

    A missing file is an empty one. Raises SettingsError when the file as a whole cannot be read.
    """
    table = read_user_table(path)
    settings, problems = resolve_settings(table, names=FILE_NAMES)
    actions, mistakes = parse_actions(table.get(ACTIONS, {}))
    checks, more_mistakes = parse_checks(table.get(CHECKS, {}))
    reported = tuple(f"{path}: {problem}" for problem in (*problems, *mistakes, *more_mistakes))
    return replace(settings, actions=actions, checks=checks), reported


def read_user_table(path: Path) -> dict[str, Any]:
    """Return the whole file as TOML has it, unchecked; a missing file is an empty one.

    Raises SettingsError when the file as a whole cannot be read.
    """
    return _parse(path, _read(path))


def write_user_option(path: Path, field: str, value: str) -> None:
    """Set one top-level key and leave everything else as it is, comments included.

    Raises SettingsError when the file cannot be read or written; it is then unchanged.
    """
    edit_user_file(path, lambda document: document.update({field: value}))


def edit_user_file(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the file as `edit` changes its tables; what that leaves alone stays, with comments.

    Raises SettingsError when the file cannot be read or written; it is then unchanged.
    """
    import tomlkit

    text = _read(path)
    _parse(path, text)
    document: Any = tomlkit.parse(text)
    edit(document)
    try:
        # The file behind a symbolic link is the one to change.
        _replace(path.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be written ({error.strerror}); "
            "check its permissions and the space on its disk."
        ) from error


def _read(path: Path) -> str:
    try:
        data = read_small_file(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _unreadable(path, error.strerror) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, f"it is not UTF-8 in line {line}") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"The settings file {path} is not TOML: {error}; correct it."
        ) from error
    except RecursionError as error:
        raise _unreadable(path, "it is nested too deeply") from error
    except ValueError as error:
        raise _unreadable(path, "a number in it is too long") from error


def _unreadable(path: Path, reason: str | None) -> SettingsError:
    return SettingsError(
        f"The settings file {path} cannot be read ({reason}); correct or remove it."
    )


def _replace(path: Path, data: bytes) -> None:
    """Replace the file at once, so that nobody ever reads half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".config-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if path.exists():
            Path(name).chmod(stat.S_IMODE(path.stat().st_mode))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
