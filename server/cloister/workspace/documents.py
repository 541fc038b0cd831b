"""The text of open documents, owned here: what the editor sent is the truth, not the disk.

A document whose edits can no longer be trusted (an edit arrived with a version that is not newer)
is lost: it has no snapshot until the editor sends its whole text again. A wrong text would give
wrong suggestions forever; no text gives none for a moment.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.text import Text

MAX_FILE_BYTES = 32 * 1024 * 1024


class DocumentStore:
    """Open documents by URI; belongs to one event loop."""

    def __init__(self) -> None:
        self._documents: dict[str, DocumentSnapshot] = {}
        self._lost: set[str] = set()

    def get(self, uri: str) -> DocumentSnapshot | None:
        """Return the document as it is now; None when it is not open or lost."""
        return None if uri in self._lost else self._documents.get(uri)

    def is_lost(self, uri: str) -> bool:
        """Return whether the document is open but its text is no longer known."""
        return uri in self._lost

    def open(self, uri: str, language_id: str, version: int, text: str) -> None:
        """Start, or start again, with the whole text of a document."""
        self._lost.discard(uri)
        path = path_from_uri(uri)
        self._documents[uri] = DocumentSnapshot(uri, path, language_id, version, Text(text))

    def edit(self, uri: str, version: int, edit: Callable[[Text], Text]) -> bool:
        """Apply `edit`, and return False when the document is not open, lost, or lost by this."""
        document = self.get(uri)
        if document is None:
            return False
        if document.version is not None and version <= document.version:
            self.lose(uri)
            return False
        self._documents[uri] = replace(document, version=version, text=edit(document.text))
        return True

    def resync(self, uri: str, version: int, text: Text) -> bool:
        """Take `text` as the whole document whatever came before; False when it is not open."""
        document = self._documents.get(uri)
        if document is None:
            return False
        self._lost.discard(uri)
        self._documents[uri] = replace(document, version=version, text=text)
        return True

    def lose(self, uri: str) -> None:
        """Stop trusting the text of an open document until its whole text comes again."""
        if uri in self._documents:
            self._lost.add(uri)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._lost.discard(uri)
        self._documents.pop(uri, None)


def path_from_uri(uri: str) -> Path | None:
    """Return the local file that a `file:` URI names; None for anything else or without a name."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "file":
        return None
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        if host.lower() not in ("", "localhost"):
            return None
    # Percent-encoded bytes need not be valid UTF-8: file names on disk need not be either.
    path = os.fsdecode(unquote_to_bytes(rest.encode("utf-8", "surrogatepass")))
    if not path.startswith("/") or path.endswith("/") or "\0" in path:
        return None
    return Path(path)


def named_path(uri: str) -> Path | None:
    """Return the path that a URI of any scheme names; None when it names none."""
    try:
        path = unquote_to_bytes(urlsplit(uri).path.encode("utf-8", "surrogatepass"))
    except ValueError:
        return None
    return Path(os.fsdecode(path)) if path.startswith(b"/") else None


def read_document(path: Path, language_id: str = "") -> DocumentSnapshot:
    """Read a file as an editor would open it: UTF-8, without its byte order mark.

    Raises CloisterError when it is missing, not a regular file, larger than MAX_FILE_BYTES, binary
    or not UTF-8. Other encodings are refused: replacing characters would move the cursor.
    """
    path = path.absolute()
    data = _read_regular_file(path)
    if b"\0" in data:
        raise CloisterError(f"{path} is not text: choose a source file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CloisterError(
            f"{path} is not valid UTF-8 at byte {error.start}: convert it to UTF-8 and try again."
        ) from error
    return DocumentSnapshot(path.as_uri(), path, language_id, None, Text(text))


def _open_at_once(path: str, flags: int) -> int:
    # Opening a FIFO blocks until somebody writes to it.
    return os.open(path, flags | os.O_NONBLOCK)


def _read_regular_file(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            # A device would feed us forever.
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise CloisterError(f"{path} is not a regular file: choose a source file.")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CloisterError(
            f"{path} cannot be read ({reason}): check the path and its permissions."
        ) from error
    if len(data) > MAX_FILE_BYTES:
        limit_mib = MAX_FILE_BYTES // (1024 * 1024)
        raise CloisterError(f"{path} is larger than {limit_mib} MiB: choose a smaller file.")
    return data
