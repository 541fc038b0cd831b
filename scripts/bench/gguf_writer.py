"""Writes GGUF files whose tensor data comes as a stream, and lifts parts out of others.

Metadata is kept as the bytes in which it is stored, so copying a vocabulary of 150,000 tokens costs
no conversion and loses nothing. What is read is trusted: these are files that we chose ourselves.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

_ALIGNMENT = 32
_VERSION = 3
_UINT32, _INT32, _FLOAT32, _STRING, _ARRAY = 4, 5, 6, 8, 9
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


@dataclass(frozen=True, slots=True)
class TensorType:
    """How ggml stores numbers: `block_values` of them in `block_bytes`."""

    number: int
    block_values: int
    block_bytes: int


F32 = TensorType(0, 1, 4)
Q5_0 = TensorType(6, 32, 22)
Q8_0 = TensorType(8, 32, 34)
Q4_K = TensorType(12, 256, 144)
Q6_K = TensorType(14, 256, 210)
_TYPES = {kind.number: kind for kind in (F32, Q5_0, Q8_0, Q4_K, Q6_K)}


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its shape as ggml counts it (the row's length first) and how it is stored."""

    name: str
    shape: tuple[int, ...]
    type: TensorType

    @property
    def n_bytes(self) -> int:
        """Return the bytes of its data."""
        return prod(self.shape) // self.type.block_values * self.type.block_bytes


@dataclass(frozen=True, slots=True)
class Value:
    """One metadata value: its type and its bytes as they stand in the file."""

    type: int
    data: bytes


def value_of(value: str | float | list[str] | list[int]) -> Value:
    """Return a value as GGUF stores it: numbers in 32 bits, lists of strings or of integers."""
    match value:
        case int():
            return Value(_UINT32, struct.pack("<I", value))
        case float():
            return Value(_FLOAT32, struct.pack("<f", value))
        case str():
            return Value(_STRING, _string(value.encode()))
        case [str(), *_]:
            items = b"".join(_string(item.encode()) for item in value)
            return Value(_ARRAY, struct.pack("<IQ", _STRING, len(value)) + items)
        case _:
            items = struct.pack(f"<{len(value)}i", *value)
            return Value(_ARRAY, struct.pack("<IQ", _INT32, len(value)) + items)


def texts_of(value: Value) -> list[str]:
    """Return the strings of an array of strings."""
    n_items = int.from_bytes(value.data[4:12], "little")
    texts, position = [], 12
    for _ in range(n_items):
        start = position + 8
        position = start + int.from_bytes(value.data[position:start], "little")
        texts.append(value.data[start:position].decode())
    return texts


def integers_of(value: Value) -> list[int]:
    """Return the numbers of an array of 32-bit integers."""
    return list(struct.unpack(f"<{(len(value.data) - 12) // 4}i", value.data[12:]))


def read_metadata(path: Path, prefix: str) -> dict[str, Value]:
    """Return the metadata of a GGUF file whose keys begin with `prefix`."""
    with path.open("rb") as file:
        file.seek(16)
        n_entries = _number(file, 8)
        entries = {_text(file): _read_value(file) for _ in range(n_entries)}
    return {key: value for key, value in entries.items() if key.startswith(prefix)}


def read_tensors(path: Path) -> dict[str, tuple[Tensor, bytes]]:
    """Return the tensors of a GGUF file by name; only types that this module names are known."""
    with path.open("rb") as file:
        file.seek(8)
        n_tensors, n_entries = _number(file, 8), _number(file, 8)
        for _ in range(n_entries):
            _text(file)
            _read_value(file)
        placed = [_read_tensor_info(file) for _ in range(n_tensors)]
        start = _aligned(file.tell())
        stored = {}
        for tensor, offset in placed:
            file.seek(start + offset)
            stored[tensor.name] = (tensor, file.read(tensor.n_bytes))
    return stored


def write_gguf(
    path: Path, metadata: dict[str, Value], tensors: list[Tensor], data: Iterable[Iterator[bytes]]
) -> None:
    """Write a GGUF file; `data` yields each tensor's bytes, in order and in pieces of any size."""
    with path.open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", _VERSION, len(tensors), len(metadata)))
        for key, value in metadata.items():
            file.write(_string(key.encode()) + struct.pack("<I", value.type) + value.data)
        offset = 0
        for tensor in tensors:
            file.write(_tensor_info(tensor, offset))
            offset += _aligned(tensor.n_bytes)
        for tensor, pieces in zip(tensors, data, strict=True):
            file.write(bytes(-file.tell() % _ALIGNMENT))
            start = file.tell()
            file.writelines(pieces)
            if file.tell() - start != tensor.n_bytes:
                raise ValueError(f"{tensor.name} needs {tensor.n_bytes} bytes")


def _read_tensor_info(file: BinaryIO) -> tuple[Tensor, int]:
    name = _text(file)
    shape = tuple(_number(file, 8) for _ in range(_number(file, 4)))
    return Tensor(name, shape, _TYPES[_number(file, 4)]), _number(file, 8)


def _tensor_info(tensor: Tensor, offset: int) -> bytes:
    shape = struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape)
    return _string(tensor.name.encode()) + shape + struct.pack("<IQ", tensor.type.number, offset)


def _aligned(n_bytes: int) -> int:
    return n_bytes + -n_bytes % _ALIGNMENT


def _string(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + data


def _number(file: BinaryIO, n_bytes: int) -> int:
    return int.from_bytes(file.read(n_bytes), "little")


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, 8)).decode()


def _read_value(file: BinaryIO) -> Value:
    kind = _number(file, 4)
    start = file.tell()
    _skip(file, kind)
    n_bytes = file.tell() - start
    file.seek(start)
    return Value(kind, file.read(n_bytes))


def _skip(file: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        file.seek(_number(file, 8), 1)
    elif kind == _ARRAY:
        item_kind, n_items = _number(file, 4), _number(file, 8)
        if item_kind in _SCALAR_BYTES:
            file.seek(n_items * _SCALAR_BYTES[item_kind], 1)
        else:
            for _ in range(n_items):
                _skip(file, item_kind)
    else:
        file.seek(_SCALAR_BYTES[kind], 1)
