"""Fits the mixture's weights: what makes the true tokens likeliest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.mixture.observations import Observation
from cloister.engine.mixture import Weighing

_STEPS = 1500
_STEP_SIZE = 0.03
# Keeps weights small where the data say nothing.
_DECAY = 1e-4
_LEAST_PROBABILITY = 1e-6
_N_SOURCES = 2

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Observations as arrays: `shares` (n, 3) of model, near and far, and `features` (n, 2, k).

    `is_there` (n, 3) says which of them suggest anything.
    """

    shares: Array
    features: Array
    is_there: NDArray[np.bool_]


def table_of(observations: Sequence[Observation]) -> Table:
    """Return the observations as arrays."""
    n = len(observations)
    shares, is_there = np.zeros((n, 1 + _N_SOURCES)), np.zeros((n, 1 + _N_SOURCES), bool)
    features = np.zeros((n, _N_SOURCES, len(Weighing._fields)))
    is_there[:, 0] = True
    for row, observation in enumerate(observations):
        shares[row, 0] = max(observation.probability, _LEAST_PROBABILITY)
        for place, suggestion in enumerate((observation.near, observation.far)):
            if suggestion is not None:
                is_there[row, 1 + place] = True
                shares[row, 1 + place] = suggestion.share
                features[row, place] = suggestion.features
    return Table(shares, features, is_there)


def fit(table: Table) -> tuple[Weighing, Weighing]:
    """Return the weights for the file at hand and for other files, by Adam from a low start."""
    weights = np.zeros((_N_SOURCES, len(Weighing._fields)))
    weights[:, 0] = -2.0
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        mixing, likelihood = _mixed(table, weights)
        responsible = mixing * table.shares / likelihood[:, None]
        pull = ((responsible - mixing) * table.is_there)[:, 1:]
        gradient = np.einsum("nj,njk->jk", pull, table.features) / len(likelihood)
        gradient -= _DECAY * weights
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        size = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weights += _STEP_SIZE * mean / (1 - 0.9**step) / size
    near, far = (Weighing(*map(float, row)) for row in weights)
    return near, far


def nats(table: Table, near: Weighing, far: Weighing) -> float:
    """Return the mean negative log-likelihood of the true tokens, mixed with these weights."""
    _, likelihood = _mixed(table, np.array([near, far]))
    return float(-np.log(likelihood).mean())


def _mixed(table: Table, weights: Array) -> tuple[Array, Array]:
    """Return the share of each source in each mixture, and the likelihood of each token."""
    logits = np.zeros_like(table.shares)
    logits[:, 1:] = np.einsum("njk,jk->nj", table.features, weights)
    logits[~table.is_there] = -np.inf
    strengths = np.exp(logits - logits.max(axis=1, keepdims=True))
    mixing = strengths / strengths.sum(axis=1, keepdims=True)
    return mixing, (mixing * table.shares).sum(axis=1)
