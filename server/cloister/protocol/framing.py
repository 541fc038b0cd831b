r"""Cuts the byte stream from the editor into message bodies; does no input or output itself.

Headers are read as the HTTP family reads them: any case, any spacing, `\n` or `\r\n`, other
fields ignored. A header without a usable length is skipped, so one bad message costs only itself.
"""

import re
from collections.abc import Iterator

from cloister.core.errors import ProtocolError

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_HEADER_BYTES = 8 * 1024

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d+)", re.IGNORECASE)


class FrameParser:
    """Holds the bytes of the message that has not arrived completely."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body_bytes: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the bodies that `data` completes.

        Raises ProtocolError when the stream cannot be followed: a body over MAX_BODY_BYTES, or
        more than MAX_HEADER_BYTES without the end of a header.
        """
        self._buffer += data
        while (body := self._next_body()) is not None:
            yield body

    def _next_body(self) -> bytes | None:
        while self._body_bytes is None:
            if not self._read_header():
                return None
        if len(self._buffer) < self._body_bytes:
            return None
        body = bytes(self._buffer[: self._body_bytes])
        del self._buffer[: self._body_bytes]
        self._body_bytes = None
        return body

    def _read_header(self) -> bool:
        end = _HEADER_END.search(self._buffer, 0, MAX_HEADER_BYTES)
        if end is None:
            if len(self._buffer) >= MAX_HEADER_BYTES:
                raise ProtocolError("The editor does not speak the language server protocol.")
            return False
        lengths = _LENGTH.findall(self._buffer, 0, end.start())
        del self._buffer[: end.end()]
        if lengths:
            self._body_bytes = _checked_length(lengths[-1])
        return True


def _checked_length(digits: bytes) -> int:
    # Digits are counted first: converting thousands of them is itself refused by Python.
    if len(digits) > len(str(MAX_BODY_BYTES)) + 8 or int(digits) > MAX_BODY_BYTES:
        raise ProtocolError(
            f"The editor sent a message larger than {MAX_BODY_BYTES // (1024 * 1024)} MiB: "
            "close the very large file and restart the server."
        )
    return int(digits)
