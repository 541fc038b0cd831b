"""Which files below a root enter no prompt, for who looks at many of them at once.

Says the same as the layers of `protection.py` do for a file that no link leads to, and asks for
nothing else, so that it costs a few system calls a file. Belongs to one thread.
"""

import os
from itertools import starmap
from pathlib import Path

from cloister.settings.user_folders import current_user_folders
from cloister.workspace.files.secret import is_secret
from cloister.workspace.protection.chain import upwards
from cloister.workspace.protection.marks import Marks, mark_path
from cloister.workspace.protection.protection import usual_places


class Denials:
    """The denied files below one root, as things are now and were since this was made."""

    def __init__(self, root: Path, administrator: Path | None = None) -> None:
        places = usual_places(current_user_folders())
        self._administrator = str(administrator or places.administrator)
        self._root = os.path.realpath(root)
        self._is_secret = is_secret(self._root)
        self._marks = Marks()
        # What is taken out of them from now on denies all the same.
        for mark in (self._administrator, *(mark_path(it) for it, _ in upwards(self._root))):
            self._marks.at(mark)

    def has(self, path: str) -> bool:
        """Return whether the file at `path`, relative to the root and without links, is denied."""
        whole = f"{self._root.rstrip('/')}/{path}"
        try:
            return self._is_secret or is_secret(path) or self._is_denied(whole)
        except ValueError:
            # No file can have such a name.
            return True

    def _is_denied(self, whole: str) -> bool:
        marks = ((mark_path(folder), rest) for folder, rest in upwards(whole))
        return any(starmap(self._denies, ((self._administrator, whole), *marks)))

    def _denies(self, mark: str, rest: str) -> bool:
        self._marks.at(mark)
        return self._marks.denial(mark, rest) is not None
