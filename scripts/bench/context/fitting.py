"""Fits what speaks for a name: the weights of similar lines, and one shift for each other source.

A case is good when the needed names are ranked high among all that were found; how high counts less
the lower they are, because that is what a budget shows. One weight after the other is moved while
that helps, in steps that become smaller. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cloister.context.candidate import Candidate
from cloister.context.find import Findings
from cloister.context.likelihood import kinship
from cloister.context.names import names_of_line, names_of_lines
from cloister.context.sources.similar import WEIGHTS, SimilarChunk

EVIDENCE = ("bias", "relative_score", "local_match", "has_typed")
_SIMILAR = "similar"
# A name of this rank counts half as much as the first.
_HALF_RANK = 40
_N_ROUNDS = 5
_FIRST_STEP = 0.5
_NEXT_STEP = 0.6
_LEAST_GAIN = 1e-5

Floats = NDArray[np.float64]
Weights = Mapping[str, float]
"""The weight of each kind of evidence, and by the name of a source what its log-odds are moved."""


@dataclass(frozen=True, slots=True)
class FitCase:
    """The witnesses of one case: lines and candidates, each with the numbers of its names.

    `evidence` has a row for each witness (zeros for those of other sources, whose `log_odds` are
    theirs). `pairs` are witness and name. `needed` are numbers of names, -1 where nothing has it.
    """

    sources: Sequence[str]
    evidence: Floats
    log_odds: Floats
    pairs: NDArray[np.intp]
    kinship: Floats
    needed: Sequence[int]


def fit_case(found: Findings, chunks: Sequence[SimilarChunk], needed: Sequence[str]) -> FitCase:
    """Return what there is to fit to in one case."""
    witnesses = [*_lines(chunks), *_others(found.candidates)]
    numbers: dict[str, int] = {}
    pairs = [
        (row, numbers.setdefault(name, len(numbers)))
        for row, (_, _, _, names) in enumerate(witnesses)
        for name in sorted(names)
        if found.query.is_hidden(name)
    ]
    return FitCase(
        sources=[source for source, *_ in witnesses],
        evidence=np.array([row for _, row, _, _ in witnesses]).reshape(-1, len(EVIDENCE)),
        log_odds=np.array([odds for _, _, odds, _ in witnesses]),
        pairs=np.array(pairs, np.intp).reshape(-1, 2),
        kinship=np.array([kinship(found.query, name) for name in numbers]),
        needed=[numbers.get(name, -1) for name in needed],
    )


def present_weights(cases: Sequence[FitCase]) -> dict[str, float]:
    """Return the weights as they are now."""
    others = {source for case in cases for source in case.sources} - {_SIMILAR}
    return {name: getattr(WEIGHTS, name) for name in EVIDENCE} | dict.fromkeys(sorted(others), 0.0)


def fit(cases: Sequence[FitCase], weights: Weights) -> dict[str, float]:
    """Return weights that rank the needed names best, from given ones on."""
    fitted, step = dict(weights), _FIRST_STEP
    for _ in range(_N_ROUNDS):
        for name in weights:
            for move in (step, -step):
                fitted = _moved(cases, fitted, name, move)
        step *= _NEXT_STEP
    return fitted


def goodness(cases: Sequence[FitCase], weights: Weights) -> float:
    """Return how high the needed names are ranked: 1 when each is the first."""
    worths = [1 / (1 + rank / _HALF_RANK) for rank in all_ranks(cases, weights)]
    return sum(worths) / sum(len(case.needed) for case in cases)


def all_ranks(cases: Sequence[FitCase], weights: Weights) -> list[int]:
    """Return the rank of every needed name that something has, from 0."""
    return [rank for case in cases for rank in _ranks(case, weights)]


def _moved(
    cases: Sequence[FitCase], weights: dict[str, float], name: str, move: float
) -> dict[str, float]:
    """Return the weights with one of them moved as often as that helps."""
    best = goodness(cases, weights)
    while True:
        tried = weights | {name: weights[name] + move}
        if (found := goodness(cases, tried)) <= best + _LEAST_GAIN:
            return weights
        weights, best = tried, found


def _ranks(case: FitCase, weights: Weights) -> Iterator[int]:
    moved = np.array([weights.get(source, 0.0) for source in case.sources])
    odds = case.log_odds + moved + case.evidence @ [weights[name] for name in EVIDENCE]
    # The logarithm of 1 - p is that of the doubt that a witness leaves.
    rows, names = case.pairs.T
    trust = np.bincount(names, np.logaddexp(0, odds)[rows], minlength=len(case.kinship))
    likelihoods = (1 - np.exp(-trust)) * case.kinship
    for name in case.needed:
        if name >= 0:
            yield int((likelihoods > likelihoods[name]).sum())


_Witness = tuple[str, Sequence[float], float, frozenset[str]]


def _lines(chunks: Sequence[SimilarChunk]) -> Iterator[_Witness]:
    for chunk in chunks:
        for line, each in zip(chunk.lines, chunk.evidence, strict=True):
            row = (1.0, each.relative_score, each.local_match, float(each.has_typed))
            yield _SIMILAR, row, 0.0, names_of_line(line)


def _others(candidates: Sequence[Candidate]) -> Iterator[_Witness]:
    for each in candidates:
        if each.source not in {_SIMILAR, "signatures"}:
            odds = float(np.log(each.score / (1 - each.score)))
            yield each.source, (0.0,) * len(EVIDENCE), odds, names_of_lines(each.text)
