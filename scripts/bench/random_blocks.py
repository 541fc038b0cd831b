"""Random numbers as ggml stores them: blocks of quantised numbers with a chosen spread.

Only the scales of a block are computed; its numbers are random bits, so nothing is quantised.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bench.gguf_writer import F32, Q4_K, Q5_0, Q6_K, Q8_0, TensorType

Bytes = NDArray[np.uint8]


def random_blocks(kind: TensorType, n_blocks: int, deviation: float) -> bytes:
    """Return blocks of numbers around zero with this standard deviation, always the same."""
    return _BLOCKS[kind](np.random.default_rng(0), n_blocks, deviation).tobytes()


def _f32(generator: np.random.Generator, n_blocks: int, deviation: float) -> Bytes:
    return generator.normal(0.0, deviation, n_blocks).astype(np.float32).view(np.uint8)


def _q8_0(generator: np.random.Generator, n_blocks: int, deviation: float) -> Bytes:
    # A block is a scale and 32 bytes, evenly spread from -128 to 127.
    return _joined(
        n_blocks, _half(deviation / _even_deviation(256)), _noise(generator, n_blocks, 32)
    )


def _q5_0(generator: np.random.Generator, n_blocks: int, deviation: float) -> Bytes:
    # A scale, then 32 fifth bits and 32 times four bits: from -16 to 15.
    return _joined(
        n_blocks, _half(deviation / _even_deviation(32)), _noise(generator, n_blocks, 20)
    )


def _q4_k(generator: np.random.Generator, n_blocks: int, deviation: float) -> Bytes:
    # A scale of scales and one of minima, eight of both (all 32), then 256 times four bits, 0 to
    # 15. Minima of half that range leave the mean at zero.
    scale = deviation / _even_deviation(16) / 32
    scales = np.array([0xA0] * 8 + [0] * 4, np.uint8)
    return _joined(
        n_blocks, _half(scale), _half(scale * 7.5), scales, _noise(generator, n_blocks, 128)
    )


def _q6_k(generator: np.random.Generator, n_blocks: int, deviation: float) -> Bytes:
    # 256 times six bits, -32 to 31, sixteen scales (all 16) and the scale of scales.
    scale = _half(deviation / _even_deviation(64) / 16)
    return _joined(n_blocks, _noise(generator, n_blocks, 192), np.full(16, 16, np.uint8), scale)


def _joined(n_blocks: int, *parts: Bytes) -> Bytes:
    """Return blocks of the parts side by side; a part of one dimension is the same in all."""
    return np.hstack([np.broadcast_to(part, (n_blocks, part.shape[-1])) for part in parts])


def _noise(generator: np.random.Generator, n_blocks: int, n_bytes: int) -> Bytes:
    return generator.integers(0, 256, (n_blocks, n_bytes), np.uint8)


def _half(number: float) -> Bytes:
    return np.array([number], np.float16).view(np.uint8)


def _even_deviation(n_values: int) -> float:
    """Return the standard deviation of `n_values` neighbouring integers, equally likely."""
    return sqrt((n_values**2 - 1) / 12)


_BLOCKS: dict[TensorType, Callable[[np.random.Generator, int, float], Bytes]] = {
    F32: _f32,
    Q5_0: _q5_0,
    Q8_0: _q8_0,
    Q4_K: _q4_k,
    Q6_K: _q6_k,
}
