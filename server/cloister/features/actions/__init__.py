"""Code actions: one per file, found by discovery. An action file defines `ACTION`."""

import importlib
import pkgutil
from functools import cache

from cloister.features.editing.task import Action


@cache
def all_actions() -> tuple[Action, ...]:
    """Return every action, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.ACTION for module in modules)
