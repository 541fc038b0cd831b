"""A model file cut into parts, as llama.cpp's own tool cuts one."""

import struct
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from bench.gguf_writer import Tensor, TensorType, Value, read_metadata, write_gguf
from cloister.gguf.header import read_header
from cloister.gguf.tensors import TENSOR_BLOCKS

_UINT16, _INT32 = 2, 5
_ALIGNMENT = 32


def write_split_model(whole: Path, folder: Path, n_parts: int = 2) -> list[Path]:
    """Write the model at `whole` in parts of equally many tensors; return them in order."""
    tensors = [
        Tensor(it.name, it.shape, TensorType(it.kind, *TENSOR_BLOCKS[it.kind]))
        for it in read_header(whole).tensors
    ]
    sizes = [tensor.n_bytes + -tensor.n_bytes % _ALIGNMENT for tensor in tensors]
    data = whole.read_bytes()
    # The last tensor is not filled up.
    start = len(data) - sum(sizes[:-1]) - tensors[-1].n_bytes
    offsets = [start, *(start + end for end in accumulate(sizes))]
    paths = [folder / f"model-{n + 1:05}-of-{n_parts:05}.gguf" for n in range(n_parts)]
    for number, path in enumerate(paths):
        places = range(len(tensors) * number // n_parts, len(tensors) * (number + 1) // n_parts)
        pieces = [data[offsets[at] : offsets[at] + tensors[at].n_bytes] for at in places]
        metadata = {} if number else read_metadata(whole, "")
        write_gguf(
            path,
            metadata | _split(number, n_parts, len(tensors)),
            [tensors[at] for at in places],
            map(_one, pieces),
        )
    return paths


def _split(number: int, n_parts: int, n_tensors: int) -> dict[str, Value]:
    return {
        "split.no": Value(_UINT16, struct.pack("<H", number)),
        "split.count": Value(_UINT16, struct.pack("<H", n_parts)),
        "split.tensors.count": Value(_INT32, struct.pack("<i", n_tensors)),
    }


def _one(piece: bytes) -> Iterator[bytes]:
    yield piece
