"""Shows texts as files that only the user can read: what a model says, and what would be sent.

They lie in a folder of this session, which is removed with it. What a killed session left is
removed by the next one.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.errors import CloisterError
from cloister.engine.paths import engine_paths, prepare_directory
from cloister.features.editing.task import Prose
from cloister.workspace.short_lived import remove_abandoned, short_lived_folder

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_ONLY_THE_USER_READS = 0o400
_session_end = ExitStack()


def show_prose(session: "Session", name: str, prose: Prose) -> None:
    """Have the editor show the text; `name` says in the file's name which action it is of.

    Raises CloisterError when the file cannot be written.
    """
    uri = written(f"{name}-", ".md", prose.markdown).as_uri()
    shown = types.ShowDocumentParams(uri, take_focus=True)
    session.client.request(types.WINDOW_SHOW_DOCUMENT, shown)


@contextmanager
def shown_files() -> Iterator[None]:
    """Keep what is shown for the time of a session, the only one of its process."""
    with suppress(OSError):
        remove_abandoned(_place())
    with _session_end:
        yield


def shows_documents(client: types.ClientCapabilities) -> bool:
    """Return whether the client shows files that we name."""
    window = client.window
    return bool(window and window.show_document and window.show_document.support)


def written(prefix: str, suffix: str, text: str) -> Path:
    """Return a new file with a text, until the session ends; its name has prefix and suffix.

    Raises CloisterError when it cannot be written.
    """
    try:
        descriptor, path = mkstemp(suffix, prefix, _folder())
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), _ONLY_THE_USER_READS)
    except OSError as error:
        raise CloisterError(f"The text cannot be shown ({error.strerror}); try again.") from error
    return Path(path)


@cache
def _folder() -> Path:
    """Return the folder of this process's session; raises OSError and CloisterError."""
    prepare_directory(engine_paths())
    return _session_end.enter_context(short_lived_folder(_place()))


def _place() -> Path:
    return engine_paths().directory / "shown"
