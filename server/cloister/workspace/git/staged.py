"""What would be committed now: the text of single files in a repository's index."""

import os
from pathlib import Path

from dulwich.index import IndexEntry

from cloister.workspace.git.history import blob_bytes
from cloister.workspace.git.index_file import read_index
from cloister.workspace.git.repository import Repository


def staged_bytes(
    repository: Repository, path: str, max_bytes: int, index: Path | None = None
) -> bytes | None:
    """Return what a file of the workspace holds in the index; None when it is not there, or larger.

    `index` is the file that git uses instead of the usual one while it commits some files only.
    """
    entries = read_index(index or repository.git_folder / "index") or {}
    entry = entries.get(repository.prefix + os.fsencode(path))
    if not isinstance(entry, IndexEntry):
        return None
    return blob_bytes(repository, entry.sha.decode(), max_bytes)
