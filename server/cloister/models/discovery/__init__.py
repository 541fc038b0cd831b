"""Models that other programs downloaded, used where they lie: one program per file, by discovery.

A file defines `TOOL`. Its `find` reads the program's own records where it has any, opens no model
and never fails: what cannot be read is a finding too. Variables of the environment come first, and
the usual places always count, because an editor started from a desktop knows no such variables.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from cloister.models.folder import Finding
from cloister.settings.user_folders import UserFolders


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that keeps models; `name` is short and made for the terminal."""

    name: str
    find: Callable[[UserFolders], Iterator[Finding]]


@cache
def all_tools() -> tuple[Tool, ...]:
    """Return every tool, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.TOOL for module in modules)
