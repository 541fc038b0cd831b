"""Prompt formats: one family per file, found by discovery.

A family file defines `FAMILY`. A model that no family matches gets no completions and a reason,
never a guess.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cloister.core.context import CompletionContext
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Family:
    """A prompt format and the models that were trained on it.

    `languages` are the language ids the models know; None means any.
    """

    name: str
    matches: Callable[[ModelDescription], bool]
    render: Callable[[CompletionContext, ModelDescription], Prompt]
    languages: frozenset[str] | None = None


@cache
def all_families() -> tuple[Family, ...]:
    """Return every family, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.FAMILY for module in modules)


def family_of(description: ModelDescription) -> Family | None:
    """Return the family whose format the model was trained on; None when it is unknown."""
    return next((family for family in all_families() if family.matches(description)), None)
