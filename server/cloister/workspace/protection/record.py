"""Which folders were local-only once: so they stay, whatever becomes of their marks.

A branch without the mark would else open what the other one closed. What this process saw holds
until it ends; what a mark said in so many words is also written down, as one small file per folder
in the user's own state, named by a hash of the folder's canonical path. That a file is there is all
that counts, so nothing in it can be damaged. Upper and lower case are the same here. Of a
repository its git folder is on record as well, which all its working trees share.
"""

import errno
import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

from cloister.workspace.protection.globs import same_name
from cloister.workspace.protection.private_file import write_private

_SUFFIX = ".json"
_ABSENT = {errno.ENOENT, errno.ENOTDIR}


class LocalOnlyRecord:
    """The record of one user in `directory`, and of this process."""

    def __init__(self, directory: Path) -> None:
        self._directory = str(directory)
        self._seen: set[str] = set()
        self._tried: set[str] = set()

    def holds(self, canonical: str) -> str:
        """Return in a clause why a folder is local-only; empty when nothing is known of it."""
        name = _name(canonical)
        if name in self._seen:
            return "it was local-only before; what holds now counts after a restart"
        try:
            os.lstat(f"{self._directory}/{name}")
        except OSError as error:
            if error.errno in _ABSENT:
                return ""
            return f"the record of local-only folders cannot be read: {error.strerror}"
        return f"it is on record as local-only; `cloister policy leave {canonical}` strikes it out"

    def see(self, canonical: str) -> None:
        """Remember a folder as long as this process runs."""
        self._seen.add(_name(canonical))

    def write_down(self, canonical: str, now: datetime) -> None:
        """Remember a folder for good; raises OSError, the first time, when it cannot be written."""
        name = _name(canonical)
        path = Path(self._directory, name)
        if name in self._tried or path.exists():
            return
        self._tried.add(name)
        entry = {"folder": canonical, "since": now.date().isoformat()}
        write_private(path, json.dumps(entry).encode() + b"\n")

    def forget(self, canonical: str) -> None:
        """Strike a folder out; this process remembers it all the same. Raises OSError."""
        Path(self._directory, _name(canonical)).unlink()


def _name(canonical: str) -> str:
    name = same_name(canonical).encode("utf-8", "surrogatepass")
    return hashlib.sha256(name).hexdigest() + _SUFFIX
