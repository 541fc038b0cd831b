"""Shows what a model says: as a file that only the user can read, removed with the session."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.errors import CloisterError
from cloister.features.editing.task import Prose

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_ONLY_THE_USER_READS = 0o400


def show_prose(session: "Session", name: str, prose: Prose) -> None:
    """Have the editor show the text; `name` says in the file's name which action it is of.

    Raises CloisterError when the file cannot be written.
    """
    try:
        uri = _written(name, prose).as_uri()
    except OSError as error:
        raise CloisterError(f"The answer cannot be shown ({error.strerror}); try again.") from error
    shown = types.ShowDocumentParams(uri, take_focus=True)
    session.client.request(types.WINDOW_SHOW_DOCUMENT, shown)


@contextmanager
def shown_files() -> Iterator[None]:
    """Keep what is shown for the time of a session, the only one of its process."""
    try:
        yield
    finally:
        if _folder.cache_info().currsize:
            _folder().cleanup()


def shows_documents(client: types.ClientCapabilities) -> bool:
    """Return whether the client shows files that we name."""
    window = client.window
    return bool(window and window.show_document and window.show_document.support)


def _written(name: str, prose: Prose) -> Path:
    descriptor, path = mkstemp(prefix=f"{name}-", suffix=".md", dir=_folder().name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(prose.markdown)
        os.fchmod(file.fileno(), _ONLY_THE_USER_READS)
    return Path(path)


@cache
def _folder() -> "TemporaryDirectory[str]":
    """Return the folder of this process's session."""
    return TemporaryDirectory(prefix="cloister-", ignore_cleanup_errors=True)
