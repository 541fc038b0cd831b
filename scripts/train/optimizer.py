"""Muon for the matrices, AdamW for the embedding and the norms.

Muon replaces a matrix's momentum by the nearest orthogonal matrix: all directions learn at one
rate. Matrices of one shape are done together, which is what makes it cheap.
"""

from collections import defaultdict
from typing import Any

import torch
from torch import Tensor, nn

from train.knobs import Knobs
from train.model import Decoder

_ROUNDS = 5
# The usual polynomial of Muon: it pulls every singular value to about 1 in five rounds.
_POLYNOMIAL = (3.4445, -4.7750, 2.0315)


class Optimizer:
    """Changes the weights of one network by their gradients."""

    def __init__(self, network: Decoder, knobs: Knobs) -> None:
        self._knobs = knobs
        self._groups: defaultdict[torch.Size, list[nn.Parameter]] = defaultdict(list)
        for weight in network.matrices():
            self._groups[weight.shape].append(weight)
        self._momenta = [torch.zeros_like(torch.stack(group)) for group in self._groups.values()]
        self._adam = torch.optim.AdamW(
            network.vectors(), lr=knobs.vector_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )

    @torch.no_grad()
    def step(self, share: float) -> None:
        """Make one step with a share of the rates, and forget the gradients."""
        for group, momentum in zip(self._groups.values(), self._momenta, strict=True):
            gradient = torch.stack([_gradient(weight) for weight in group])
            momentum.lerp_(gradient, 1 - self._knobs.momentum)
            change = _orthogonal(gradient.lerp(momentum, self._knobs.momentum))
            rows, columns = change.shape[-2:]
            rate = share * self._knobs.matrix_rate
            for weight, direction in zip(group, change, strict=True):
                weight.mul_(1 - rate * self._knobs.weight_decay)
                weight.add_(direction, alpha=-rate * max(1.0, rows / columns) ** 0.5)
                weight.grad = None
        for adam_group in self._adam.param_groups:
            adam_group["lr"] = share * self._knobs.vector_rate
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Any]:
        """Return what a later run needs to go on exactly."""
        return {"momenta": self._momenta, "adam": self._adam.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        for momentum, saved in zip(self._momenta, state["momenta"], strict=True):
            momentum.copy_(saved)
        self._adam.load_state_dict(state["adam"])


def _gradient(weight: nn.Parameter) -> Tensor:
    if weight.grad is None:
        raise ValueError("A weight has no gradient.")
    return weight.grad


def _orthogonal(stack: Tensor) -> Tensor:
    """Return the nearest orthogonal matrices, roughly, by Newton and Schulz's iteration."""
    is_tall = stack.shape[-2] > stack.shape[-1]
    x = (stack.mT if is_tall else stack).bfloat16()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    a, b, c = _POLYNOMIAL
    for _ in range(_ROUNDS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return (x.mT if is_tall else x).float()
