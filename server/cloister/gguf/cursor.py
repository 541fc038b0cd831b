"""Reads a header forwards; every read is bounded by the file and by the largest header there is."""

import struct
from typing import BinaryIO

# The largest known header (a vocabulary of 260,000 tokens with its merges) has about 20 MB.
_MAX_HEADER_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_LENGTH = struct.Struct("<Q")


class DamagedGgufError(Exception):
    """The text says what is wrong with the file, to stand in parentheses."""


class Cursor:
    """A place in the header of a file of `n_bytes`.

    What was read stays in memory, because walking over 300,000 strings in a file takes ten times as
    long. Raises DamagedGgufError where the file ends too early.
    """

    def __init__(self, file: BinaryIO, n_bytes: int) -> None:
        self.position = 0
        self._file = file
        self._end = min(n_bytes, _MAX_HEADER_BYTES)
        self._data = bytearray()

    def take(self, n_bytes: int) -> bytes:
        """Return the next `n_bytes`."""
        start = self.position
        self.skip(n_bytes)
        return bytes(self._data[start : self.position])

    def number(self, layout: str) -> int:
        """Return the next number, as `struct` lays it out."""
        (number,) = struct.unpack(layout, self.take(struct.calcsize(layout)))
        return int(number)

    def skip(self, n_bytes: int) -> None:
        """Pass over `n_bytes`, which must exist."""
        self._reach(self.position + n_bytes)
        self.position += n_bytes

    def skip_strings(self, count: int) -> None:
        """Pass over `count` strings, each with its length before it."""
        # Ends at the file's limit at the latest: each string takes at least eight bytes.
        position, data, length_at = self.position, self._data, _LENGTH.unpack_from
        for _ in range(count):
            if position + _LENGTH.size > len(data):
                self._reach(position + _LENGTH.size)
            position += _LENGTH.size + length_at(data, position)[0]
        self.skip(position - self.position)

    def since(self, start: int) -> bytes:
        """Return everything from position `start` to here."""
        return bytes(self._data[start : self.position])

    def _reach(self, end: int) -> None:
        # Refused before it is read, so an absurd length costs nothing.
        if end > self._end:
            raise DamagedGgufError("it is cut short")
        if (missing := end - len(self._data)) > 0:
            room = self._end - len(self._data)
            self._data += self._file.read(min(room, max(missing, _CHUNK_BYTES)))
            if end > len(self._data):
                raise DamagedGgufError("it is cut short")
