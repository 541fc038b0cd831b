"""Where a user's settings, data and caches lie: the XDG folders, and Windows' own there.

macOS follows XDG too, as command-line programs do: `~/.config` is where people look for them.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Users whom the system does not know have no home: nothing can exist below a file.
_NOWHERE = Path(os.devnull)


@dataclass(frozen=True, slots=True)
class UserFolders:
    """The folders of one user; `platform` is a value of `sys.platform`, `root` the topmost."""

    home: Path
    environment: Mapping[str, str]
    platform: str = sys.platform
    root: Path = Path("/")

    @property
    def config(self) -> Path:
        """The folder that holds programs' settings."""
        return self._folder("XDG_CONFIG_HOME", "APPDATA", ".config")

    @property
    def data(self) -> Path:
        """The folder that holds what programs keep for good."""
        return self._folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share")

    @property
    def state(self) -> Path:
        """The folder that holds what programs remember from one run to the next."""
        return self._folder("XDG_STATE_HOME", "LOCALAPPDATA", ".local/state")

    @property
    def cache(self) -> Path:
        """The folder that holds what programs can make again."""
        return self._folder("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache")

    @property
    def applications(self) -> Path:
        """The folder that holds the data of programs with windows."""
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        return self._folder("XDG_DATA_HOME", "APPDATA", ".local/share")

    def named(self, variable: str) -> Path | None:
        """Return the folder that an environment variable names, None when it names none."""
        value = self.environment.get(variable, "")
        if value == "~" or value.startswith("~/"):
            return self.home / value[2:]
        return Path(value) if value and Path(value).is_absolute() else None

    def _folder(self, variable: str, windows_variable: str, below_home: str) -> Path:
        if self.platform == "win32":
            return self.named(windows_variable) or self.home / "AppData"
        return self.named(variable) or self.home / below_home


def current_user_folders() -> UserFolders:
    """Return the folders of the user who runs this process."""
    try:
        home = Path.home()
    except RuntimeError:
        home = _NOWHERE
    return UserFolders(home, dict(os.environ))
