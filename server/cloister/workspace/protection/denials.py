"""Which files below a root enter no prompt, for who looks at many of them at once.

Says the same as the layers of `protection.py` do for a file that no link leads to, and asks for
nothing else, so that it costs a few system calls a file. Belongs to one thread.
"""

import os
from pathlib import Path

from cloister.settings.user_folders import current_user_folders
from cloister.workspace.files.secret import is_secret
from cloister.workspace.protection.chain import upwards
from cloister.workspace.protection.marks import Marks
from cloister.workspace.protection.protection import usual_places


class Denials:
    """The denied files below one root, as things are now."""

    def __init__(self, root: Path, administrator: Path | None = None) -> None:
        places = usual_places(current_user_folders())
        self._administrator = str(administrator or places.administrator)
        self._root = os.path.realpath(root)
        self._is_secret = is_secret(self._root)
        self._marks = Marks()

    def has(self, path: str) -> bool:
        """Return whether the file at `path`, relative to the root and without links, is denied."""
        whole = f"{self._root.rstrip('/')}/{path}"
        try:
            asked = [(self._marks.at(self._administrator), whole)]
            asked += [(self._marks.of_folder(folder), rest) for folder, rest in upwards(whole)]
        except ValueError:
            # No file can have such a name.
            return True
        return (
            self._is_secret
            or is_secret(path)
            or any(mark is not None and mark.deny.match(rest) is not None for mark, rest in asked)
        )
