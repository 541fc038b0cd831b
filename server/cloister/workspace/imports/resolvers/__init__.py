"""How languages name files: one family of languages per file, found by discovery.

A file defines `RESOLVER`. Its `resolve` yields paths, the best first; they need not exist. It never
raises, whatever the import and the configuration files say, and what it reads is bounded.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, parent_of


@dataclass(frozen=True, slots=True)
class Resolver:
    """What an import means in some languages, which are named as in `grammars/`.

    `place_of` returns what of the importing file's path decides, mostly its folder.
    """

    languages: frozenset[str]
    resolve: Callable[[Import, str, Project], Iterable[str]]
    place_of: Callable[[str], str] = parent_of


@cache
def all_resolvers() -> tuple[Resolver, ...]:
    """Return every resolver, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.RESOLVER for module in modules)


@cache
def resolver_of(language: str) -> Resolver | None:
    """Return the resolver of a language; None when its imports name no files."""
    return next((each for each in all_resolvers() if language in each.languages), None)
