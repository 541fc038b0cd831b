"""What is written can be read again, by our own strict reader too."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.gguf_writer import (
    F32,
    Q8_0,
    Tensor,
    integers_of,
    read_metadata,
    texts_of,
    value_of,
    write_gguf,
)

TENSOR = Tensor("some.weight", (32, 3), Q8_0)


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_texts_survive(texts: list[str]) -> None:
    assert not texts or texts_of(value_of(texts)) == texts


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_integers_survive(numbers: list[int]) -> None:
    assert integers_of(value_of(numbers)) == numbers


def test_metadata_is_copied_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "some.gguf"
    metadata = {
        "general.architecture": value_of("qwen2"),
        "tokenizer.ggml.tokens": value_of(["a", "é"]),
        "tokenizer.ggml.token_type": value_of([1, -1]),
        "tokenizer.ggml.eos_token_id": value_of(7),
        "tokenizer.some.number": value_of(0.5),
    }
    tensors = [TENSOR, Tensor("norm", (5,), F32)]
    write_gguf(path, metadata, tensors, iter([iter([bytes(50), bytes(52)]), iter([bytes(20)])]))
    assert read_metadata(path, "") == metadata
    assert read_metadata(path, "tokenizer.ggml.token") == {
        key: value for key, value in metadata.items() if key.startswith("tokenizer.ggml.token")
    }


def test_a_tensor_of_the_wrong_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"some\.weight needs 102 bytes"):
        write_gguf(tmp_path / "some.gguf", {}, [TENSOR], [iter([bytes(101)])])
