"""Leaving local-only: an explicit act for one folder, on record before it counts."""

import os
from collections.abc import Callable
from pathlib import Path

from cloister.core.errors import CloisterError
from cloister.workspace.protection.marks import Marks
from cloister.workspace.protection.record import LocalOnlyRecord


def leave(path: Path, directory: Path, audit: Callable[[Path], None]) -> Path:
    """Strike the folder at `path` out of the record in `directory`, and return its real path.

    `audit` writes it down first, and raises OSError where it cannot: nothing is changed then.
    Raises CloisterError when the folder is not on record, or is marked as local-only still.
    """
    folder = Path(os.path.realpath(path))
    mark = Marks().of_folder(str(folder))
    if mark is not None and mark.said.is_restricting:
        raise CloisterError(f"{mark.path} still says so; change it first.")
    record = LocalOnlyRecord(directory)
    if not record.holds(str(folder)):
        raise CloisterError(
            f"{folder} itself is not on record; `cloister policy check` names the folder that is."
        )
    try:
        audit(folder)
        record.forget(str(folder))
    except OSError as error:
        raise CloisterError(
            f"Nothing is changed, because it cannot be written down ({error.strerror}); "
            "check the state folder and the space on its disk."
        ) from error
    return folder
