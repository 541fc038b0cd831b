"""Leaving local-only: an explicit act for one folder, on record before it counts."""

import os
from collections.abc import Callable
from pathlib import Path

from cloister.core.errors import CloisterError
from cloister.workspace.protection.marks import Marks
from cloister.workspace.protection.record import LocalOnlyRecord
from cloister.workspace.protection.worktrees import shared_git_folder


def leave(path: Path, directory: Path, audit: Callable[[Path], None]) -> Path:
    """Strike the folder at `path` out of the record in `directory`, and return its real path.

    With a working tree goes what is on record of its repository. `audit` writes it down first, and
    raises OSError where it cannot: nothing is changed then. Raises CloisterError when the folder is
    not on record, or is marked as local-only still.
    """
    folder = Path(os.path.realpath(path))
    mark = Marks().of_folder(str(folder))
    if mark is not None and mark.said.is_restricting:
        raise CloisterError(f"{mark.path} still says so; change it first.")
    record = LocalOnlyRecord(directory)
    names = (str(folder), shared_git_folder(str(folder)))
    held = [name for name in names if name is not None and record.holds(name)]
    if not held:
        raise CloisterError(
            f"{folder} itself is not on record; `cloister policy check` names the folder that is."
        )
    try:
        audit(folder)
        for name in held:
            record.forget(name)
    except OSError as error:
        raise CloisterError(
            f"Nothing is changed, because it cannot be written down ({error.strerror}); "
            "check the state folder and the space on its disk."
        ) from error
    return folder
