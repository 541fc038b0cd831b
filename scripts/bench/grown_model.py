"""Writes a model with the weights of half a billion numbers that answers as the bundled one does.

Random weights never repeat what stands in the prompt, so what drafts save cannot be timed with
them. Here the bundled model's matrices lie in the corners of larger ones and layers that add
nothing follow: every number has to be read and multiplied, and the answer stays the same. Only
stored blocks are moved, so nothing is quantised anew.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.gguf_writer import (
    F32,
    Q8_0,
    Tensor,
    read_metadata,
    read_tensors,
    value_of,
    write_gguf,
)

Bytes = NDArray[np.uint8]

# About the widths of Qwen2.5-Coder-0.5B; more layers stand for the rows of its larger vocabulary.
_WIDTH, _FEED_FORWARD, _N_LAYERS = 896, 4864, 33
# Every head of the small model is the first of a group that shares keys and values.
_N_HEADS, _N_KV_HEADS = 14, 7
_NAME = "cloister-grown-0.5b"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where `n_parts` equal parts of the small model's numbers lie among `size`: each `step`."""

    size: int
    n_parts: int
    step: int


def ensure_grown_model(folder: Path, small: Path) -> Path:
    """Return the model in `folder`, made of `small`, the bundled one, the first time."""
    path = folder / f"{_NAME}.gguf"
    if not path.is_file() or path.stat().st_mtime < small.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        _write(partial, small)
        partial.replace(path)
    return path


def _write(path: Path, small: Path) -> None:
    metadata, stored = read_metadata(small, ""), read_tensors(small)
    n_heads = int.from_bytes(metadata["llama.attention.head_count"].data, "little")
    (epsilon,) = struct.unpack("<f", metadata["llama.attention.layer_norm_rms_epsilon"].data)
    width, n_tokens = stored["token_embd.weight"][0].shape
    numbers = {
        "embedding_length": _WIDTH,
        "block_count": _N_LAYERS,
        "feed_forward_length": _FEED_FORWARD,
        "attention.head_count": _N_HEADS,
        "attention.head_count_kv": _N_KV_HEADS,
        # The mean of the squares is taken over more numbers, most of them zero.
        "attention.layer_norm_rms_epsilon": epsilon * width / _WIDTH,
    }
    metadata |= {f"llama.{key}": value_of(number) for key, number in numbers.items()}
    metadata |= {"general.name": value_of(_NAME)}
    tensors = list(_tensors(n_heads, n_tokens))
    data = (_data(axes, stored.get(it.name)) for it, axes in tensors)
    write_gguf(path, metadata, [it for it, _ in tensors], data)


def _tensors(n_heads: int, n_tokens: int) -> Iterator[tuple[Tensor, tuple[_Axis, ...]]]:
    """Yield every tensor with where the small one lies in it: its rows, and within a row."""
    head = _WIDTH // _N_HEADS
    width, feed = _Axis(_WIDTH, 1, _WIDTH), _Axis(_FEED_FORWARD, 1, _FEED_FORWARD)
    queries = _Axis(_WIDTH, n_heads, head * _N_HEADS // _N_KV_HEADS)
    values = _Axis(_N_KV_HEADS * head, n_heads, head)
    yield _tensor("token_embd.weight", _Axis(n_tokens, 1, n_tokens), width)
    yield _tensor("output_norm.weight", width)
    for layer in range(_N_LAYERS):
        for name, *axes in [
            ("attn_norm", width),
            ("attn_q", queries, width),
            ("attn_k", values, width),
            ("attn_v", values, width),
            ("attn_output", width, queries),
            ("ffn_norm", width),
            ("ffn_gate", feed, width),
            ("ffn_up", feed, width),
            ("ffn_down", width, feed),
        ]:
            yield _tensor(f"blk.{layer}.{name}.weight", *axes)


def _tensor(name: str, *axes: _Axis) -> tuple[Tensor, tuple[_Axis, ...]]:
    shape = tuple(axis.size for axis in reversed(axes))
    return Tensor(name, shape, F32 if len(axes) == 1 else Q8_0), axes


def _data(axes: tuple[_Axis, ...], stored: tuple[Tensor, bytes] | None) -> Iterator[bytes]:
    yield (_norm(stored) if len(axes) == 1 else _matrix(*axes, stored)).tobytes()


def _norm(stored: tuple[Tensor, bytes] | None) -> NDArray[np.float32]:
    weights = np.ones(_WIDTH, np.float32)
    if stored is not None:
        small = np.frombuffer(stored[1], np.float32)
        weights[: len(small)] = small * sqrt(len(small) / _WIDTH)
    return weights


def _matrix(rows: _Axis, within: _Axis, stored: tuple[Tensor, bytes] | None) -> Bytes:
    row_bytes, step_bytes = (
        n // Q8_0.block_values * Q8_0.block_bytes for n in (within.size, within.step)
    )
    if stored is None:
        return np.zeros((rows.size, row_bytes), np.uint8)
    tensor, data = stored
    small = np.frombuffer(data, np.uint8).reshape(tensor.shape[1], -1)
    tall = _spread(small, rows.n_parts, rows.step, rows.size)
    return np.ascontiguousarray(_spread(tall.T, within.n_parts, step_bytes, row_bytes).T)


def _spread(stored: Bytes, n_parts: int, step: int, size: int) -> Bytes:
    """Return `size` rows: those of each part one after the other, from every `step`-th row on."""
    grown = np.zeros((size, stored.shape[1]), np.uint8)
    for number, part in enumerate(np.split(stored, n_parts)):
        grown[number * step : number * step + len(part)] = part
    return grown
