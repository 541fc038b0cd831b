"""Where the index of a workspace is kept: in the user's cache, one folder for each root."""

import hashlib
import os
from pathlib import Path

from cloister.settings.user_folders import UserFolders

_DIGEST_BYTES = 12


def index_folder(root: Path, folders: UserFolders) -> Path:
    """Return the folder of the index of `root`, which need not exist."""
    real_root = os.fsencode(os.path.realpath(root))
    name = hashlib.blake2b(real_root, digest_size=_DIGEST_BYTES).hexdigest()
    return folders.cache / "cloister" / "index" / name


def index_database(root: Path, folders: UserFolders) -> Path:
    """Return the path of the database of `root`; a path through a link leads to the same."""
    return index_folder(root, folders) / "index.sqlite"
