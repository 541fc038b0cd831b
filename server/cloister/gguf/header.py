"""Reads the header of a GGUF file and refuses what is not sound, before llama.cpp reads it.

A model file is untrusted input to a C++ parser with a history of memory errors, so everything that
the header claims is checked against the file first: counts, string lengths, tensor shapes and
offsets. Nothing here renders or runs what the file holds; llama.cpp may still refuse it.
"""

import os
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cloister.gguf.cursor import Cursor, DamagedGgufError
from cloister.gguf.tensors import TENSOR_BLOCKS, Tensor

Value = str | int | float | tuple[int | float, ...]

_MAX_ENTRIES = 65_536
_MAX_NAME_BYTES = 65_535
_MAX_DIMENSIONS = 4
_ALIGNMENTS = frozenset(2**power for power in range(17))
_DEFAULT_ALIGNMENT = 32
# Longer ones are passed over: nothing that is asked of a header needs them.
_MAX_KEPT_BYTES = 1024 * 1024
_MAX_KEPT_ITEMS = 4096

_UINT32, _INT32, _STRING, _ARRAY = 4, 5, 8, 9
# How `struct` lays out each scalar metadata type, by its number in the GGUF specification.
_SCALARS = {**dict(enumerate("BbHhIif?")), 10: "Q", 11: "q", 12: "d"}
_ALIGNMENT = "general.alignment"
_TOKENS, _TOKEN_TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"


@dataclass(frozen=True, slots=True)
class Header:
    """Everything before the weights; long arrays are left out of `metadata`.

    The vocabulary is kept as it stands in the file, because few who read a header want all of it.
    """

    metadata: Mapping[str, Value]
    tensors: tuple[Tensor, ...]
    n_tokens: int
    packed_tokens: bytes
    packed_token_types: bytes

    @property
    def architecture(self) -> str:
        """The name of the model's architecture."""
        return self.text("general.architecture")

    def text(self, key: str) -> str:
        """Return the metadata's text under `key`, or nothing."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def parameter(self, name: str) -> Value | None:
        """Return a parameter of the architecture, for example `block_count`."""
        return self.metadata.get(f"{self.architecture}.{name}")

    def count(self, name: str, default: int = 0) -> int:
        """Return a parameter of the architecture that is a count; `default` when it has none."""
        value = self.parameter(name)
        return value if isinstance(value, int) and value >= 0 else default

    def tokens(self) -> list[bytes]:
        """Return the texts of the vocabulary, by their numbers."""
        tokens, position, data = [], 0, self.packed_tokens
        length_at = struct.Struct("<Q").unpack_from
        while position < len(data):
            start = position + 8
            position = start + length_at(data, position)[0]
            tokens.append(data[start:position])
        return tokens

    def token_types(self) -> tuple[int, ...]:
        """Return the type of each token as llama.cpp counts them; none where the file has none."""
        return struct.unpack(f"<{len(self.packed_token_types) // 4}i", self.packed_token_types)


def read_header(path: Path) -> Header:
    """Return the header of the file at `path`, of a split model the first part; see `open_file`."""
    with open_file(path) as file:
        return parse_header(file, size_of(file))


def open_file(path: Path) -> BinaryIO:
    """Open a regular file; never blocks on special files.

    Raises OSError when it cannot be opened, DamagedGgufError when it is no regular file.
    """
    # O_NONBLOCK: opening a fifo must not wait for somebody to write to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise DamagedGgufError("it is not a regular file")
    return os.fdopen(descriptor, "rb")


def size_of(file: BinaryIO) -> int:
    """Return the bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def parse_header(file: BinaryIO, n_bytes: int) -> Header:
    """Return the header of an open file of `n_bytes`; raises DamagedGgufError."""
    header = parse_part(file, n_bytes)
    if not header.architecture or not header.n_tokens:
        raise DamagedGgufError("it names no architecture or no vocabulary")
    n_types = len(header.packed_token_types) // 4
    if n_types and n_types != header.n_tokens:
        raise DamagedGgufError("its vocabulary and the types of its tokens differ in length")
    return header


def parse_part(file: BinaryIO, n_bytes: int) -> Header:
    """Return the header of an open file that may be a later part of a model, and not describe it.

    Raises DamagedGgufError.
    """
    cursor = Cursor(file, n_bytes)
    if cursor.take(4) != b"GGUF":
        raise DamagedGgufError("it does not begin with GGUF")
    if cursor.number("<I") not in (2, 3):
        raise DamagedGgufError("its version is unknown")
    n_tensors, n_entries = cursor.number("<Q"), cursor.number("<Q")
    if n_tensors > _MAX_ENTRIES or not 0 < n_entries <= _MAX_ENTRIES:
        raise DamagedGgufError("its counts are impossible")
    metadata = _Metadata()
    for _ in range(n_entries):
        metadata.read_entry(cursor)
    # The first part of a split model may describe it and hold no tensor.
    if not n_tensors and "split.count" not in metadata.kept:
        raise DamagedGgufError("its counts are impossible")
    alignment = metadata.alignment()
    placed = [_placed_tensor(cursor, alignment) for _ in range(n_tensors)]
    start = (cursor.position + alignment - 1) // alignment * alignment
    if placed and start + max(end for _, end in placed) > n_bytes:
        raise DamagedGgufError("it is cut short")
    return Header(
        metadata=metadata.kept,
        tensors=tuple(tensor for tensor, _ in placed),
        n_tokens=metadata.n_tokens,
        packed_tokens=metadata.packed_tokens,
        packed_token_types=metadata.packed_token_types,
    )


class _Metadata:
    """The entries as they are read; `kept` are those that a header remembers."""

    def __init__(self) -> None:
        self.kept: dict[str, Value] = {}
        self.n_tokens = 0
        self.packed_tokens = self.packed_token_types = b""
        self._keys: set[str] = set()

    def read_entry(self, cursor: Cursor) -> None:
        key = _name(cursor)
        if key in self._keys:
            raise DamagedGgufError("a key appears twice")
        self._keys.add(key)
        kind = cursor.number("<I")
        # llama.cpp ends the whole process when the alignment has another type.
        if key == _ALIGNMENT and kind != _UINT32:
            raise DamagedGgufError("its alignment is impossible")
        if kind == _ARRAY:
            self._read_array(cursor, key)
        elif (value := _value(cursor, kind)) is not None:
            self.kept[key] = value

    def alignment(self) -> int:
        """Return the alignment of the tensor data."""
        alignment = self.kept.get(_ALIGNMENT, _DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or alignment not in _ALIGNMENTS:
            raise DamagedGgufError("its alignment is impossible")
        return alignment

    def _read_array(self, cursor: Cursor, key: str) -> None:
        kind, count = cursor.number("<I"), cursor.number("<Q")
        start = cursor.position
        if kind == _STRING:
            cursor.skip_strings(count)
            if key == _TOKENS:
                self.n_tokens, self.packed_tokens = count, cursor.since(start)
        elif kind in _SCALARS:
            layout = f"<{min(count, _MAX_KEPT_ITEMS)}{_SCALARS[kind]}"
            cursor.skip(count * struct.calcsize("<" + _SCALARS[kind]))
            if key == _TOKEN_TYPES and kind in (_UINT32, _INT32):
                self.packed_token_types = cursor.since(start)
            elif count <= _MAX_KEPT_ITEMS:
                self.kept[key] = struct.unpack(layout, cursor.since(start))
        else:
            raise DamagedGgufError("an array has an unknown type")


def _value(cursor: Cursor, kind: int) -> Value | None:
    """Read one value; None for a text too long to be kept."""
    if kind == _STRING:
        n_bytes = cursor.number("<Q")
        if n_bytes > _MAX_KEPT_BYTES:
            cursor.skip(n_bytes)
            return None
        return cursor.take(n_bytes).decode("utf-8", "replace")
    if kind not in _SCALARS:
        raise DamagedGgufError("a value has an unknown type")
    layout = "<" + _SCALARS[kind]
    value: int | float = struct.unpack(layout, cursor.take(struct.calcsize(layout)))[0]
    return value


def _name(cursor: Cursor) -> str:
    n_bytes = cursor.number("<Q")
    if not 0 < n_bytes <= _MAX_NAME_BYTES:
        raise DamagedGgufError("a name has an impossible length")
    return cursor.take(n_bytes).decode("utf-8", "replace")


def _placed_tensor(cursor: Cursor, alignment: int) -> tuple[Tensor, int]:
    """Read one tensor; return it and where its data ends, relative to all tensor data."""
    name = _name(cursor)
    n_dimensions = cursor.number("<I")
    if not 0 < n_dimensions <= _MAX_DIMENSIONS:
        raise DamagedGgufError("a tensor has an impossible shape")
    shape = tuple(cursor.number("<Q") for _ in range(n_dimensions))
    kind, offset = cursor.number("<I"), cursor.number("<Q")
    if offset % alignment:
        raise DamagedGgufError("a tensor is misaligned")
    if kind not in TENSOR_BLOCKS:
        raise DamagedGgufError("a tensor has an unknown type")
    if 0 in shape or shape[0] % TENSOR_BLOCKS[kind][0]:
        raise DamagedGgufError("a tensor has an impossible shape")
    tensor = Tensor(name, shape, kind)
    return tensor, offset + tensor.n_bytes
