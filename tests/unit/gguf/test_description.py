import json
import struct
from dataclasses import asdict
from pathlib import Path

import pytest

from cloister.gguf.description import describe
from cloister.gguf.header import Header, Value, read_header
from cloister.gguf.tensors import file_type_name
from cloister.models.catalogue import BUNDLED

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
PATH = Path("/models/file-name.gguf")


def header(tokens: dict[str, int], **metadata: Value) -> Header:
    """Return a header with tokens and their types; in keys of metadata `__` stands for a dot."""
    texts = [text.encode() for text in tokens]
    return Header(
        metadata={key.replace("__", "."): value for key, value in metadata.items()},
        tensors=(),
        n_tokens=len(texts),
        packed_tokens=b"".join(struct.pack("<Q", len(text)) + text for text in texts),
        packed_token_types=struct.pack(f"<{len(texts)}i", *tokens.values()),
    )


def test_the_bundled_model() -> None:
    description = describe(read_header(BUNDLED.path), BUNDLED.path, 1000)
    assert description.name == BUNDLED.name
    assert description.architecture == "llama"
    assert description.path == str(BUNDLED.path)
    assert description.context_tokens == 1000
    assert description.vocabulary_tokens == 8192
    assert description.tokenizer == "gpt-2"
    assert description.begin_token == ""
    assert not description.chat_template
    assert description.fim_markers == {
        "prefix": "<|fim_prefix|>",
        "suffix": "<|fim_suffix|>",
        "middle": "<|fim_middle|>",
        "pad": "<|fim_pad|>",
        "repo": "<|repo_name|>",
        "file": "<|file_sep|>",
    }
    assert description.has_token("<|endoftext|>")


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"general__name": "A", "general__basename": "b"}, "A"),
        ({"general__basename": "b", "general__architecture": "llama"}, "b"),
        ({"general__architecture": "llama"}, "llama"),
    ],
)
def test_the_name_is_never_the_files(metadata: dict[str, Value], name: str) -> None:
    assert describe(header({"a": NORMAL}, **metadata), PATH, 1).name == name


def test_special_tokens_are_those_that_a_prompt_may_need() -> None:
    tokens = {
        "<s>": CONTROL,
        "code": NORMAL,
        "<tool>": USER_DEFINED,
        "        ": USER_DEFINED,
        "ø": USER_DEFINED,
        "[PAD7]": USER_DEFINED,
        "<unused8>": CONTROL,
        "x" * 65: CONTROL,
    }
    assert describe(header(tokens), PATH, 1).special_tokens == ("<s>", "<tool>")


def test_a_marker_is_found_by_its_number_or_by_its_text() -> None:
    tokens = {"<PRE>": NORMAL, "<SUF>": NORMAL, "<mine>": NORMAL, "<yours>": NORMAL}
    description = describe(
        header(
            tokens,
            tokenizer__ggml__fim_mid_token_id=2,
            tokenizer__ggml__fim_suf_token_id=2,
            tokenizer__ggml__suffix_token_id=3,
            tokenizer__ggml__fim_pad_token_id=99,
        ),
        PATH,
        1,
    )
    assert description.fim_markers == {
        "prefix": "<PRE>",
        "suffix": "<yours>",
        "middle": "<mine>",
    }
    assert description.special_tokens == ("<PRE>", "<yours>", "<mine>")


@pytest.mark.parametrize(
    ("metadata", "begin"),
    [
        ({}, ""),
        ({"tokenizer__ggml__model": "llama"}, "<s>"),
        ({"tokenizer__ggml__model": "llama", "tokenizer__ggml__add_bos_token": False}, ""),
        ({"tokenizer__ggml__bos_token_id": 2}, ""),
        ({"tokenizer__ggml__bos_token_id": 2, "tokenizer__ggml__add_bos_token": True}, "<b>"),
        ({"tokenizer__ggml__bos_token_id": 9, "tokenizer__ggml__add_bos_token": True}, ""),
        ({"tokenizer__ggml__add_bos_token": True}, ""),
    ],
)
def test_the_begin_token_is_the_one_the_file_asks_for(
    metadata: dict[str, Value], begin: str
) -> None:
    tokens = {"<unk>": CONTROL, "<s>": CONTROL, "<b>": CONTROL}
    assert describe(header(tokens, **metadata), PATH, 1).begin_token == begin


def test_a_description_stays_small_whatever_the_file_says() -> None:
    tokens = {f"<{'x' * 50}{number}>": CONTROL for number in range(5000)}
    tokens["<|fim_prefix|>"] = CONTROL
    described = describe(
        header(
            tokens,
            general__name="n" * 10_000,
            general__architecture="a" * 10_000,
            tokenizer__ggml__pre="p" * 10_000,
        ),
        PATH,
        1,
    )
    assert len(json.dumps(asdict(described))) < 64_000
    assert described.has_token("<|fim_prefix|>")


@pytest.mark.parametrize(
    ("number", "name"), [(15, "Q4_K_M"), (0, "F32"), (999, "unknown"), (None, "unknown")]
)
def test_file_types_have_names(number: object, name: str) -> None:
    assert file_type_name(number) == name
