"""Vocabulary-only models: those of llama.cpp's source, and ones with tokens of our choice."""

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import llama_cpp as llama
import pytest

from bench.gguf_writer import (
    F32,
    Tensor,
    Value,
    integers_of,
    read_metadata,
    texts_of,
    value_of,
    write_gguf,
)
from cloister.engine.llama.vocabulary import Vocabulary
from cloister.models.catalogue import BUNDLED
from support.known_models import KnownModel

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
_TOKENS, _TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"

Metadata = dict[str, Value]


def real_metadata(name: str) -> Metadata:
    """Return everything that one of llama.cpp's vocabulary-only models says of itself."""
    folder = os.environ.get("CLOISTER_VOCABULARIES")
    if folder is None:
        reason = "CLOISTER_VOCABULARIES names no folder; scripts/dev.py test provides one"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return read_metadata(Path(folder) / f"ggml-vocab-{name}.gguf", "")


def bundled_metadata(model: KnownModel, token_type: int) -> Metadata:
    """Return a small vocabulary that is the bundled model's but for the special tokens."""
    bundled = read_metadata(BUNDLED.path, "tokenizer.")
    kept = {key: value for key, value in bundled.items() if "fim_" not in key}
    texts, types = texts_of(bundled[_TOKENS]), integers_of(bundled[_TYPES])
    n_special = types.count(CONTROL)
    texts[:n_special] = [f"[PAD{number}]" for number in range(n_special)]
    types[:n_special] = [NORMAL] * n_special
    texts += model.tokens
    types += [token_type] * len(model.tokens)
    kept |= {_TOKENS: value_of(texts), _TYPES: value_of(types)}
    if model.begin:
        kept["tokenizer.ggml.bos_token_id"] = value_of(texts.index(model.begin))
        kept["tokenizer.ggml.add_bos_token"] = _true()
    return kept | _identity(model)


def with_tokens(metadata: Metadata, tokens: Mapping[int, str], model: KnownModel) -> Metadata:
    """Return a vocabulary in which `tokens` stand at their numbers, as those of `model`."""
    texts, types = texts_of(metadata[_TOKENS]), integers_of(metadata[_TYPES])
    missing = max(tokens, default=0) + 1 - len(texts)
    texts += [f"[PAD{number}]" for number in range(missing)]
    types += [NORMAL] * missing
    for number, text in tokens.items():
        texts[number], types[number] = text, CONTROL
    changed = {_TOKENS: value_of(texts), _TYPES: value_of(types)}
    if scores := metadata.get("tokenizer.ggml.scores"):
        n_missing = len(texts) - (len(scores.data) - 12) // 4
        data = scores.data[:4] + len(texts).to_bytes(8, "little") + scores.data[12:]
        changed["tokenizer.ggml.scores"] = Value(scores.type, data + bytes(4 * max(0, n_missing)))
    return metadata | changed | _identity(model)


def write_vocabulary(folder: Path, metadata: Metadata) -> Path:
    """Write a GGUF that has the metadata and one number of weights; return its path."""
    path = folder / "vocabulary.gguf"
    write_gguf(path, metadata, [Tensor("none", (1,), F32)], [iter([bytes(4)])])
    return path


@contextmanager
def opened_vocabulary(path: Path) -> Iterator[Vocabulary]:
    """Open a vocabulary in llama.cpp, as the engine does."""
    llama.llama_log_set(_SILENCE, ctypes.c_void_p(0))
    llama.llama_backend_init()
    parameters = llama.llama_model_default_params()
    parameters.vocab_only = True
    model = llama.llama_model_load_from_file(str(path).encode(), parameters)
    assert model, path
    try:
        yield Vocabulary(model, path.name)
    finally:
        llama.llama_model_free(model)


def _identity(model: KnownModel) -> Metadata:
    return {
        "general.name": value_of(model.name),
        "general.architecture": value_of(model.architecture),
    }


def _true() -> Value:
    return Value(7, b"\x01")


def _drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    pass


_SILENCE = llama.llama_log_callback(_drop)
