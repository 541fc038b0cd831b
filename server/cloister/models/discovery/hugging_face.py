"""Hugging Face's cache: `models--OWNER--NAME/snapshots/COMMIT/FILE`, links into `blobs`.

The links are the paths to keep: a blob has no suffix, and the parts of a split model are found by
their names. The snapshot that `main` means counts, else every one.
"""

from collections.abc import Iterator
from pathlib import Path

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, Unreadable, find_models, folder_entries
from cloister.models.records import read_text_record
from cloister.settings.user_folders import UserFolders


def _find(folders: UserFolders) -> Iterator[Finding]:
    for cache in _caches(folders):
        entries = folder_entries(cache)
        if isinstance(entries, Unreadable):
            yield entries
            continue
        for repository in entries:
            if repository.name.startswith("models--"):
                yield from find_models(_snapshots(repository))


def _caches(folders: UserFolders) -> Iterator[Path]:
    yield from filter(None, map(folders.named, ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")))
    home = folders.named("HF_HOME")
    if home is not None:
        yield home / "hub"
    cache = folders.named("XDG_CACHE_HOME") or folders.home / ".cache"
    yield cache / "huggingface" / "hub"


def _snapshots(repository: Path) -> Path:
    commit = read_text_record(repository / "refs" / "main").strip()
    snapshots = repository / "snapshots"
    current = snapshots / commit
    return current if commit.isalnum() and current.is_dir() else snapshots


TOOL = Tool(name="hugging-face", find=_find)
