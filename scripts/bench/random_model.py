"""Writes GGUFs with random weights in the exact shape of a real model.

Speed depends on shape, storage and tokens, not on what the weights are, so a model that cannot be
downloaded can still be timed. Weights are scaled to keep activations near one: logits are finite
and differ. A tensor's data is a few random megabytes, repeated from a place of its own, so seven
billion weights are written as fast as the disk takes them. The same seed gives the same file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.gguf_writer import (
    F32,
    Q4_K,
    Q5_0,
    Q6_K,
    Q8_0,
    Tensor,
    TensorType,
    Value,
    integers_of,
    value_of,
    write_gguf,
)
from bench.random_blocks import random_blocks
from bench.tensor_shapes import Dimensions, Shape, tensor_shapes

_POOL_BYTES = 4 * 1024 * 1024
# The logits of a random model are about this far apart.
_LOGIT_SPREAD = 3.0


@dataclass(frozen=True, slots=True)
class Storage:
    """How a model's tensors are stored; `file_type` is the number that llama.cpp gives the mix."""

    file_type: int
    type_of: Callable[[Shape, str, Dimensions], TensorType]


def write_random_model(
    path: Path, shape: Shape, vocabulary: dict[str, Value], storage: Storage, seed: int = 0
) -> None:
    """Write a model; `vocabulary` is the metadata named `tokenizer.*`, of one token or more."""
    n_tokens = len(integers_of(vocabulary["tokenizer.ggml.token_type"]))
    tensors = [
        Tensor(name, dimensions, storage.type_of(shape, name, dimensions))
        for name, dimensions in tensor_shapes(shape, n_tokens)
    ]
    generator = np.random.default_rng(seed)
    partial = path.with_suffix(".partial")
    data = (_random_data(tensor, generator) for tensor in tensors)
    write_gguf(partial, _metadata(shape, storage) | vocabulary, tensors, data)
    partial.replace(path)


def _q4_k_m_type(shape: Shape, name: str, dimensions: Dimensions) -> TensorType:
    """Return what llama.cpp stores a tensor as: Q4_K, and Q6_K for what matters most."""
    if not _is_matrix(name, dimensions):
        return F32
    is_output = name == ("token_embd.weight" if shape.tied_output else "output.weight")
    is_finer = name.endswith(("attn_v.weight", "ffn_down.weight")) and _uses_more_bits(
        int(name.split(".")[1]), shape.n_layers
    )
    # Rows that no block of 256 fits take the next finer type of 32.
    whole_blocks = dimensions[0] % Q4_K.block_values == 0
    if is_output or is_finer:
        return Q6_K if whole_blocks else Q8_0
    return Q4_K if whole_blocks else Q5_0


IN_FULL = Storage(0, lambda _shape, _name, _dimensions: F32)
"""Every number in 32 bits, so that results hardly depend on the size of a batch."""

IN_Q4_K_M = Storage(15, _q4_k_m_type)
"""The mix that most people download."""


def _uses_more_bits(layer: int, n_layers: int) -> bool:
    eighth = n_layers // 8
    return layer < eighth or layer >= 7 * n_layers // 8 or (layer - eighth) % 3 == 2  # noqa: PLR2004  # llama.cpp's own rule


def _metadata(shape: Shape, storage: Storage) -> dict[str, Value]:
    numbers = {
        "block_count": shape.n_layers,
        "context_length": shape.context_tokens,
        "embedding_length": shape.n_embedding,
        "feed_forward_length": shape.n_feed_forward,
        "attention.head_count": shape.n_heads,
        "attention.head_count_kv": shape.n_kv_heads,
        "attention.key_length": shape.head_size,
        "attention.value_length": shape.head_size,
        "attention.layer_norm_rms_epsilon": 1e-6,
        "rope.freq_base": 1e6,
        **shape.parameters,
    }
    general: dict[str, str | int] = {
        "general.architecture": shape.architecture,
        "general.name": shape.name,
        "general.file_type": storage.file_type,
    }
    return {key: value_of(value) for key, value in general.items()} | {
        f"{shape.architecture}.{key}": value_of(number) for key, number in numbers.items()
    }


def _is_matrix(name: str, dimensions: Dimensions) -> bool:
    return len(dimensions) > 1 and dimensions[0] > 1 and "ssm_conv1d" not in name


def _random_data(tensor: Tensor, generator: np.random.Generator) -> Iterator[bytes]:
    """Yield the tensor's bytes: the pool of its kind, over and over from a random block on."""
    if not _is_matrix(tensor.name, tensor.shape):
        yield _small_tensor(tensor, generator).astype(np.float32).tobytes()
        return
    spread = 1.0 if tensor.name.startswith("blk.") else _LOGIT_SPREAD
    pool = _pool(tensor.type, spread / sqrt(tensor.shape[0]))
    n_missing = tensor.n_bytes
    start = int(generator.integers(len(pool))) // tensor.type.block_bytes * tensor.type.block_bytes
    while n_missing:
        piece = pool[start : start + n_missing]
        yield piece
        n_missing -= len(piece)
        start = 0


def _small_tensor(tensor: Tensor, generator: np.random.Generator) -> NDArray[np.float64]:
    noise = generator.normal(0.0, 0.1, tensor.n_bytes // F32.block_bytes)
    name = tensor.name
    if "norm" in name or name.endswith("ssm_d"):
        return 1.0 + noise
    if name.endswith("ssm_a"):
        return -np.exp(noise)
    return noise * 5 if "ssm_conv1d" in name else noise


@cache
def _pool(kind: TensorType, deviation: float) -> bytes:
    """Return random blocks of numbers with this standard deviation, the same for equal arguments.

    Their count is prime, so that the rows of a matrix do not repeat with the pool.
    """
    n_blocks = _prime_below(_POOL_BYTES // kind.block_bytes)
    return random_blocks(kind, n_blocks, deviation)


def _prime_below(limit: int) -> int:
    return next(
        number
        for number in range(limit, 1, -1)
        if all(number % divisor for divisor in range(2, int(sqrt(number)) + 1))
    )
