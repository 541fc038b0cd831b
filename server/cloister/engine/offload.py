"""Decides how many of a model's layers go to graphics processors; pure.

llama.cpp offloads from the end: first the output layer, then the last of the others. What a layer
needs there is its weights and its part of the cache. A layer too many makes loading fail, one too
few costs a little speed, so estimates are from above.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from cloister.core.hardware import Placement
from cloister.engine.probe import SMALL_MODEL_BYTES
from cloister.gguf.memory import MemoryNeed
from cloister.gguf.tensors import Tensor

# What a driver takes for itself, its kernels and its workspaces before a model takes anything.
_DRIVER_BYTES = 512 * 1024 * 1024
_LAYER = re.compile(r"blk\.(\d+)\.")
_EMBEDDING, _OUTPUT = "token_embd.weight", "output.weight"


@dataclass(frozen=True, slots=True)
class Device:
    """A graphics processor that llama.cpp can use, with its memory that is free now."""

    name: str
    free_bytes: int


def plan_placement(
    tensors: Sequence[Tensor], need: MemoryNeed, devices: Sequence[Device]
) -> Placement:
    """Return where the layers of a model go: as many as fit on the devices, counted together.

    A small model stays on the processor, which is done with a token before the many kernels of one
    have been started elsewhere.
    """
    layers = layer_bytes(tensors)
    room = sum(max(0, device.free_bytes - _DRIVER_BYTES - need.compute) for device in devices)
    cache_bytes = need.cache // max(1, len(layers) - 1)
    n_layers = layers_that_fit(layers, cache_bytes, room)
    if need.weights < SMALL_MODEL_BYTES or n_layers == 0:
        return Placement(len(layers))
    gpu_bytes = sum(layers[-n_layers:]) + cache_bytes * (n_layers - 1)
    return Placement(len(layers), n_layers, gpu_bytes, tuple(device.name for device in devices))


def layers_that_fit(layers: Sequence[int], cache_bytes: int, free_bytes: int) -> int:
    """Return how many layers, counted from the last, fit in `free_bytes`.

    `layers` are the bytes of each layer's weights; the last one is the output layer, and all
    others have `cache_bytes` of the cache as well.
    """
    *others, output = layers
    needed = accumulate((output, *(layer + cache_bytes for layer in reversed(others))))
    return sum(1 for _ in takewhile(lambda total: total <= free_bytes, needed))


def layer_bytes(tensors: Iterable[Tensor]) -> tuple[int, ...]:
    """Return the bytes of each layer's weights, the output layer last.

    The embedding stays in the computer's memory; a model that also uses it as its output gets a
    copy of it in the output layer.
    """
    by_layer: Counter[int] = Counter()
    others: dict[str, int] = {}
    for tensor in tensors:
        if layer := _LAYER.match(tensor.name):
            by_layer[int(layer[1])] += tensor.n_bytes
        else:
            others[tensor.name] = tensor.n_bytes
    if _OUTPUT in others:
        others.pop(_EMBEDDING, None)
    return (*(n_bytes for _, n_bytes in sorted(by_layer.items())), sum(others.values()))
