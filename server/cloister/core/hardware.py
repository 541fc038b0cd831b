"""What a model gets from this machine: how fast it runs here, and where its layers are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelSpeed:
    """Tokens per second of one model on this machine: reading a prompt, and writing one by one."""

    prefill_tokens_per_second: float
    decode_tokens_per_second: float


@dataclass(frozen=True, slots=True)
class Placement:
    """How many of a model's layers are in the memory of graphics processors, and of which.

    `layers` counts the output layer as one; `gpu_bytes` is what the weights and the cache of
    `gpu_layers` take there. Without `devices` everything runs on the processor.
    """

    layers: int
    gpu_layers: int = 0
    gpu_bytes: int = 0
    devices: tuple[str, ...] = ()


ON_PROCESSOR = Placement(layers=0)
