"""The estimate of what a model needs, against what llama.cpp says that it allocates."""

import ctypes
import re
from pathlib import Path

import llama_cpp as llama
import pytest

from bench.tensor_shapes import Shape
from cloister.engine.llama.context import Context
from cloister.gguf.header import read_header
from cloister.gguf.memory import needed_bytes
from support.engine_process import MODEL
from support.tiny_models import ATTENTION, HYBRID, RECURRENT, SLIDING_WINDOW, write_tiny_model

pytestmark = pytest.mark.model

MEBIBYTE = 1024 * 1024
CONTEXT_TOKENS = 1024
# "CPU KV buffer size = 6.00 MiB", and RS for recurrent states.
BUFFER = re.compile(r"(KV|RS|compute) buffer size =\s*([\d.]+) MiB")


def allocated_bytes(path: Path) -> tuple[int, dict[str, float]]:
    """Return the bytes of the weights, and of the buffers of a context by their kind."""
    lines: list[str] = []

    def listen(_level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        lines.append(text.decode())

    listener = llama.llama_log_callback(listen)
    llama.llama_log_set(listener, ctypes.c_void_p(0))
    try:
        model = llama.llama_model_load_from_file(
            str(path).encode(), llama.llama_model_default_params()
        )
        weights = int(llama.llama_model_size(model))
        Context(model, CONTEXT_TOKENS, 1).close()
        llama.llama_model_free(model)
    finally:
        llama.llama_log_set(SILENCE, ctypes.c_void_p(0))
    sizes = dict.fromkeys(("KV", "RS", "compute"), 0.0)
    for kind, size in BUFFER.findall("".join(lines)):
        sizes[kind] += float(size) * MEBIBYTE
    return weights, sizes


def check(path: Path) -> None:
    need = needed_bytes(read_header(path), CONTEXT_TOKENS)
    weights, sizes = allocated_bytes(path)
    assert need.weights == weights
    # llama.cpp prints hundredths of a mebibyte.
    assert need.cache == pytest.approx(sizes["KV"] + sizes["RS"], abs=0.02 * MEBIBYTE)
    assert 1 <= need.compute / sizes["compute"] <= 1.5


def test_the_bundled_model() -> None:
    check(MODEL)


@pytest.mark.parametrize(
    "shape", [ATTENTION, SLIDING_WINDOW, RECURRENT, HYBRID], ids=lambda shape: shape.name
)
def test_each_kind_of_memory(shape: Shape, tmp_path: Path) -> None:
    check(write_tiny_model(tmp_path, shape))


def _drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    pass


SILENCE = llama.llama_log_callback(_drop)
