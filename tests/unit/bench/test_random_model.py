"""Random models are what they claim: the size of the real one, numbers of the spread asked for."""

import ctypes
from pathlib import Path

import llama_cpp
import numpy as np
import pytest

from bench.gguf_writer import (
    Q4_K,
    Q5_0,
    Q6_K,
    Q8_0,
    Tensor,
    TensorType,
    Value,
    integers_of,
    texts_of,
    value_of,
    write_gguf,
)
from bench.qwen_coder import SHAPES, qwen_coder_vocabulary
from bench.random_blocks import random_blocks
from bench.random_model import IN_Q4_K_M, write_random_model
from bench.tensor_shapes import Shape, tensor_shapes

N_BLOCKS = 400
SMALL = Shape("small", "qwen2", 3, 256, 4, 2, 512, 1024)


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        (Q4_K, "dequantize_row_q4_K"),
        (Q5_0, "dequantize_row_q5_0"),
        (Q6_K, "dequantize_row_q6_K"),
        (Q8_0, "dequantize_row_q8_0"),
    ],
)
@pytest.mark.parametrize("deviation", [0.007, 0.03, 0.1])
def test_blocks_mean_what_was_asked_for(kind: TensorType, function: str, deviation: float) -> None:
    """llama.cpp itself says which numbers the blocks stand for."""
    blocks = random_blocks(kind, N_BLOCKS, deviation)
    numbers = np.empty(N_BLOCKS * kind.block_values, np.float32)
    library = next((Path(llama_cpp.__file__).parent / "lib").glob("libggml-base.*"))
    getattr(ctypes.CDLL(str(library)), function)(
        blocks, numbers.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(numbers.size)
    )
    assert len(blocks) == N_BLOCKS * kind.block_bytes
    assert numbers.std() == pytest.approx(deviation, rel=0.05)
    assert abs(numbers.mean()) < deviation / 10


@pytest.mark.parametrize(
    ("size", "n_tokens", "megabytes"),
    # The published files of these models in Q4_K_M.
    [("0.5b", 151_936, 392), ("1.5b", 151_936, 980), ("3b", 151_936, 1924), ("7b", 152_064, 4677)],
)
def test_shapes_have_the_size_of_the_real_model(size: str, n_tokens: int, megabytes: int) -> None:
    shape = SHAPES[size]
    assert _tensor_bytes(shape, n_tokens) == pytest.approx(megabytes * 1_000_000, rel=0.01)


def test_the_seed_decides_every_byte(tmp_path: Path) -> None:
    first, same, other = (
        _written(tmp_path / f"{number}.gguf", seed) for number, seed in enumerate((1, 1, 2))
    )
    assert first == same
    assert first != other


def test_no_token_has_the_row_of_another(tmp_path: Path) -> None:
    data = _written(tmp_path / "some.gguf", 0)
    row_bytes = SMALL.n_embedding // Q6_K.block_values * Q6_K.block_bytes
    table = data[-_tensor_bytes(SMALL, 3000) :][: 3000 * row_bytes]
    rows = [table[start : start + row_bytes] for start in range(0, len(table), row_bytes)]
    assert len(set(rows)) == 3000


def test_qwen_coder_adds_its_markers_to_the_vocabulary_of_qwen2(tmp_path: Path) -> None:
    n_known = 151_646
    qwen2 = tmp_path / "qwen2.gguf"
    metadata = {
        "tokenizer.ggml.pre": value_of("qwen2"),
        "tokenizer.ggml.tokens": value_of([f"[PAD{number}]" for number in range(n_known)]),
        "tokenizer.ggml.token_type": value_of([1] * n_known),
    }
    write_gguf(qwen2, metadata, [], [])
    vocabulary = qwen_coder_vocabulary(qwen2, 151_936)
    texts = texts_of(vocabulary["tokenizer.ggml.tokens"])
    assert len(texts) == len(integers_of(vocabulary["tokenizer.ggml.token_type"])) == 151_936
    assert texts[151_643] == "<|endoftext|>"
    assert texts[151_659:151_665] == [
        "<|fim_prefix|>",
        "<|fim_middle|>",
        "<|fim_suffix|>",
        "<|fim_pad|>",
        "<|repo_name|>",
        "<|file_sep|>",
    ]
    assert vocabulary["tokenizer.ggml.pre"] == metadata["tokenizer.ggml.pre"]


def _written(path: Path, seed: int) -> bytes:
    vocabulary: dict[str, Value] = {"tokenizer.ggml.token_type": value_of([1] * 3000)}
    write_random_model(path, SMALL, vocabulary, IN_Q4_K_M, seed)
    return path.read_bytes()


def _tensor_bytes(shape: Shape, n_tokens: int) -> int:
    return sum(
        Tensor(name, dimensions, IN_Q4_K_M.type_of(shape, name, dimensions)).n_bytes
        for name, dimensions in tensor_shapes(shape, n_tokens)
    )
