"""Refuses GGUF headers that are not sound before llama.cpp reads them.

A model file is untrusted input to a C++ parser with a history of memory errors, so everything that
the header claims is checked against the file first: counts, string lengths, tensor shapes and
offsets. Nothing here renders or runs what the file holds; llama.cpp may still refuse it.
"""

import struct
from math import prod
from typing import BinaryIO

# The largest known header (a vocabulary of 260,000 tokens with its merges) has about 20 MB.
_MAX_HEADER_BYTES = 64 * 1024 * 1024
_MAX_ENTRIES = 65_536
_MAX_NAME_BYTES = 65_535
_MAX_DIMENSIONS = 4
_MAX_ALIGNMENT = 65_536
_DEFAULT_ALIGNMENT = 32

_STRING, _ARRAY = 8, 9
# Bytes of each scalar metadata type, by its number in the GGUF specification.
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_UINT32 = 4

# ggml tensor types: number -> (values in a block, bytes of a block), from ggml.h.
TENSOR_BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
    40: (64, 36),
    41: (128, 18),
    42: (64, 18),
}


class DamagedGgufError(Exception):
    """The text says what is wrong with the file, to stand in parentheses."""


def check_header(file: BinaryIO, n_bytes: int) -> None:
    """Read the header of a file of `n_bytes`; raises DamagedGgufError when it is not sound."""
    cursor = _Cursor(file, n_bytes)
    if cursor.take(4) != b"GGUF":
        raise DamagedGgufError("it does not begin with GGUF")
    if cursor.number("<I") not in (2, 3):
        raise DamagedGgufError("its version is unknown")
    n_tensors, n_entries = cursor.number("<Q"), cursor.number("<Q")
    if not 0 < n_tensors <= _MAX_ENTRIES or not 0 < n_entries <= _MAX_ENTRIES:
        raise DamagedGgufError("its counts are impossible")
    alignment = _check_metadata(cursor, n_entries)
    ends = [_tensor_end(cursor, alignment) for _ in range(n_tensors)]
    start = (cursor.position + alignment - 1) // alignment * alignment
    if start + max(ends) > n_bytes:
        raise DamagedGgufError("it is cut short")


class _Cursor:
    """Reads the header forwards; every read is bounded by the file and by the header's limit."""

    def __init__(self, file: BinaryIO, n_bytes: int) -> None:
        self.position = 0
        self._file = file
        self._end = min(n_bytes, _MAX_HEADER_BYTES)

    def take(self, n_bytes: int) -> bytes:
        # Refused before it is read, so an absurd length costs nothing.
        self.position += n_bytes
        if self.position > self._end:
            raise DamagedGgufError("it is cut short")
        data = self._file.read(n_bytes)
        if len(data) != n_bytes:
            raise DamagedGgufError("it is cut short")
        return data

    def number(self, layout: str) -> int:
        (number,) = struct.unpack(layout, self.take(struct.calcsize(layout)))
        return int(number)

    def skip(self, n_bytes: int) -> None:
        self.position += n_bytes
        if self.position > self._end:
            raise DamagedGgufError("it is cut short")
        self._file.seek(self.position)


def _check_metadata(cursor: _Cursor, n_entries: int) -> int:
    """Walk all entries and return the alignment of the tensor data."""
    keys: set[bytes] = set()
    alignment = _DEFAULT_ALIGNMENT
    for _ in range(n_entries):
        key = _name(cursor)
        if key in keys:
            raise DamagedGgufError("a key appears twice")
        keys.add(key)
        kind = cursor.number("<I")
        if key == b"general.alignment":
            alignment = _alignment(cursor, kind)
        else:
            _skip_value(cursor, kind)
    if not {b"general.architecture", b"tokenizer.ggml.tokens"} <= keys:
        raise DamagedGgufError("it names no architecture or no vocabulary")
    return alignment


def _name(cursor: _Cursor) -> bytes:
    n_bytes = cursor.number("<Q")
    if not 0 < n_bytes <= _MAX_NAME_BYTES:
        raise DamagedGgufError("a name has an impossible length")
    return cursor.take(n_bytes)


def _alignment(cursor: _Cursor, kind: int) -> int:
    alignment = cursor.number("<I") if kind == _UINT32 else 0
    if not 0 < alignment <= _MAX_ALIGNMENT or alignment & (alignment - 1):
        raise DamagedGgufError("its alignment is impossible")
    return alignment


def _skip_value(cursor: _Cursor, kind: int) -> None:
    if kind == _STRING:
        cursor.skip(cursor.number("<Q"))
    elif kind == _ARRAY:
        _skip_array(cursor)
    elif kind in _SCALAR_BYTES:
        cursor.skip(_SCALAR_BYTES[kind])
    else:
        raise DamagedGgufError("a value has an unknown type")


def _skip_array(cursor: _Cursor) -> None:
    kind, count = cursor.number("<I"), cursor.number("<Q")
    if kind in _SCALAR_BYTES:
        cursor.skip(count * _SCALAR_BYTES[kind])
    elif kind == _STRING:
        # Ends at the file's limit at the latest: each string takes at least eight bytes.
        for _ in range(count):
            cursor.skip(cursor.number("<Q"))
    else:
        raise DamagedGgufError("an array has an unknown type")


def _tensor_end(cursor: _Cursor, alignment: int) -> int:
    """Read one tensor's description; return where its data ends, relative to all tensor data."""
    _name(cursor)
    n_dimensions = cursor.number("<I")
    if not 0 < n_dimensions <= _MAX_DIMENSIONS:
        raise DamagedGgufError("a tensor has an impossible shape")
    shape = [cursor.number("<Q") for _ in range(n_dimensions)]
    kind, offset = cursor.number("<I"), cursor.number("<Q")
    if offset % alignment:
        raise DamagedGgufError("a tensor is misaligned")
    if kind not in TENSOR_BLOCKS:
        raise DamagedGgufError("a tensor has an unknown type")
    block_values, block_bytes = TENSOR_BLOCKS[kind]
    if 0 in shape or shape[0] % block_values:
        raise DamagedGgufError("a tensor has an impossible shape")
    return offset + prod(shape) // block_values * block_bytes
