"""What a replay finds at each case: values that a file of lines can hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloister.evaluation.needs import Coverage

BUDGETS = (512, 1024, 2048)
"""The tokens of context that recall is told for; bits are told for the last."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model makes of a case: the bits of the truth, and whether it writes it by itself.

    `begins_right` says that the first word it writes is the right one.
    """

    bits: float
    is_exact: bool
    begins_right: bool


@dataclass(frozen=True, slots=True)
class ArmResult:
    """How one builder did at one case.

    `coverage` is by budget. `bits` are those of the truth under the n-gram with the largest
    budget; they and the model's judgement are None where they were not asked for.
    """

    coverage: Mapping[int, Coverage]
    build_ms: float = 0.0
    bits: float | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: where it is, what it needs, and how each builder did.

    `line` and `column` count from 1. `defined` are the needed names that another file defines.
    """

    name: str
    commit: str
    path: str
    language: str
    line: int
    column: int
    place: str
    stratum: str
    is_test: bool
    n_chars: int
    needed: tuple[str, ...]
    defined: tuple[str, ...]
    arms: Mapping[str, ArmResult] = field(default_factory=dict)
