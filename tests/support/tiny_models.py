"""Models of a few megabytes with random weights, one for each kind of memory llama.cpp has.

All have the bundled model's vocabulary (8,192 tokens and its infilling markers) and weights in full
precision, so what is exact can be compared exactly. Writing one takes some milliseconds.
"""

from functools import cache
from pathlib import Path

from bench.gguf_writer import Value, read_metadata
from bench.random_model import IN_FULL, write_random_model
from bench.tensor_shapes import Shape
from cloister.models.catalogue import resolve_model

_STATE_SPACE: dict[str, int | float] = {
    "ssm.conv_kernel": 4,
    "ssm.inner_size": 128,
    "ssm.state_size": 16,
    "ssm.time_step_rank": 4,
    "ssm.group_count": 1,
}

ATTENTION = Shape("tiny-attention", "qwen2", 2, 64, 4, 2, 128, 2048, tied_output=False)
"""Every token sees all before it; the memory can shift."""

SLIDING_WINDOW = Shape(
    *("tiny-sliding-window", "gemma3", 3, 64, 4, 2, 128, 2048),
    tied_output=False,
    parameters={"attention.sliding_window": 64, "attention.sliding_window_pattern": 3},
)
"""Two of three layers see only the last 64 tokens."""

RECURRENT = Shape(
    *("tiny-recurrent", "mamba2", 2, 64, 0, 0, 0, 2048),
    tied_output=False,
    parameters=_STATE_SPACE,
)
"""One state per sequence, which cannot be rewound."""

HYBRID = Shape(
    *("tiny-hybrid", "falcon-h1", 2, 64, 4, 2, 128, 2048),
    tied_output=False,
    parameters=_STATE_SPACE,
)
"""Attention and a state side by side in each layer."""


def write_tiny_model(folder: Path, shape: Shape) -> Path:
    """Write one of the models above into `folder`; return its path."""
    path = folder / f"{shape.name}.gguf"
    write_random_model(path, shape, bundled_vocabulary(), IN_FULL)
    return path


@cache
def bundled_vocabulary() -> dict[str, Value]:
    """Return the tokenizer of the bundled model, as it stands in its file."""
    return read_metadata(resolve_model(None).path, "tokenizer.")
