"""Every number that decides what the model becomes, and where its files lie.

Nothing here is fitted on the packages that are held out.
"""

from dataclasses import dataclass, field
from pathlib import Path

HOME = Path.home() / ".cache" / "cloister-train"
"""Corpus, tokenizer and checkpoints lie here, outside of the repository."""

LANGUAGE_SHARES = {
    "python": 0.52,
    "typescript": 0.11,
    "tsx": 0.02,
    "javascript": 0.07,
    "go": 0.08,
    "rust": 0.07,
    "java": 0.06,
    "cpp": 0.025,
    "c": 0.02,
    "c_sharp": 0.015,
    "bash": 0.01,
}
"""How often an example is in a language, by the names of the folders in `grammars`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A Llama decoder; widths are in numbers, `context` in tokens."""

    vocabulary: int = 8192
    width: int = 256
    layers: int = 6
    heads: int = 4
    feed_forward: int = 704
    rope_base: float = 10_000.0
    context: int = 2048


@dataclass(frozen=True, slots=True)
class Phase:
    """Rows of so many tokens until that many tokens have been seen in all."""

    row_tokens: int
    until_tokens: int


@dataclass(frozen=True, slots=True)
class Knobs:
    """One run. Rates are constant after the warm-up; `decay` is a run of its own from a checkpoint.

    `packed_tokens` is the size of a shard, the unit in which rows are made; everything in a shard
    follows from the seed and its number.
    """

    shape: Shape = field(default_factory=Shape)
    phases: tuple[Phase, ...] = (
        Phase(512, 120_000_000),
        Phase(1024, 170_000_000),
        Phase(2048, 10**12),
    )
    step_tokens: int = 8192
    shard_tokens: int = 1 << 20
    matrix_rate: float = 0.02
    vector_rate: float = 0.004
    momentum: float = 0.95
    weight_decay: float = 0.01
    warm_up_steps: int = 100
    middle_weight: int = 3
    checkpoint_seconds: int = 240
    seed: int = 1


SIZES = {
    # Two processor cores, and as many hours as there are; about 7 million parameters.
    "small": Knobs(),
    # One data-centre GPU for half an hour; about 34 million parameters, 36 MB in 8 bits.
    "large": Knobs(
        shape=Shape(vocabulary=16384, width=512, layers=8, heads=8, feed_forward=1408),
        phases=(Phase(1024, 700_000_000), Phase(2048, 10**12)),
        step_tokens=1 << 17,
        shard_tokens=1 << 22,
        vector_rate=0.003,
        warm_up_steps=150,
    ),
}
"""What can be trained, by name; checkpoints are called by it."""
