"""The folders that the editor has open; a document belongs to the innermost that holds it."""

from collections.abc import Iterable
from pathlib import Path

from cloister.workspace.documents import path_from_uri


class WorkspaceFolders:
    """Local folders by URI; folders that are not on this machine are left out."""

    def __init__(self) -> None:
        self._folders: dict[str, Path] = {}

    def add(self, uris: Iterable[str]) -> None:
        """Add folders; adding one twice changes nothing."""
        for uri in uris:
            # A folder's URI may end with a slash, which a file's may not.
            path = path_from_uri(uri.rstrip("/"))
            if path is not None:
                self._folders[uri] = path

    def remove(self, uris: Iterable[str]) -> None:
        """Remove folders; unknown ones are ignored."""
        for uri in uris:
            self._folders.pop(uri, None)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All folders that are open."""
        return tuple(self._folders.values())

    def root_of(self, path: Path | None) -> Path | None:
        """Return the innermost folder that holds `path`, None when no folder does."""
        if path is None:
            return None
        holders = [folder for folder in self._folders.values() if path.is_relative_to(folder)]
        return max(holders, key=lambda folder: len(folder.parts), default=None)
