"""What `package.json` and `tsconfig.json` say of the names that imports use.

Packages of the workspace are meant as they are written, not as they are built: `dist/index.js` in
an entry stands for `src/index.ts`, so that every way back to a source is tried.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from cloister.workspace.imports.json_config import object_at, parse_object, text_at
from cloister.workspace.imports.project import Project, ancestors, inside, joined, parent_of

_MOST_TARGETS = 30
_MOST_EXTENDS = 5
_BUILT = re.compile(r"^(?:dist|lib|build|out|es|esm|cjs|types|module)(?:/(?:esm?|cjs|types|src))?/")


class Package(NamedTuple):
    """A package of the workspace: its folder and what its `package.json` says."""

    folder: str
    facts: dict[str, Any]


class Aliases(NamedTuple):
    """What a `tsconfig.json` says: patterns with their targets, and the folder they start from."""

    folder: str
    base: str | None
    paths: dict[str, Any]


def packages_by_name(project: Project) -> dict[str, Package]:
    """Return the packages of the workspace."""
    found: dict[str, Package] = {}
    for path in project.files_ending_with("package.json"):
        facts = project.configuration(path, parse_object) or {}
        found.setdefault(text_at(facts, "name"), Package(parent_of(path), facts))
    found.pop("", None)
    return found


def package_around(file: str, project: Project) -> Package | None:
    """Return the package that a file belongs to."""
    for folder in ancestors(parent_of(file)):
        path = inside(folder, "package.json")
        facts = project.configuration(path, parse_object) if project.has(path) else None
        if facts is not None:
            return Package(folder, facts)
    return None


def entries(package: Package, name: str) -> Iterator[str]:
    """Yield the paths, without the ends that sources have, that a name in a package may mean."""
    targets = list(islice(_targets(package, name), _MOST_TARGETS))
    targets += [f"{folder}{name or 'index'}" for folder in ("src/", "", "lib/")]
    for target in targets:
        for place in (target, *_sources_of(target)):
            path = joined(package.folder, place)
            if path is not None:
                yield path


def internal_entries(package: Package, name: str) -> Iterator[str]:
    """Yield the paths that a name with `#` means in its own package."""
    for target in islice(_matching(object_at(package.facts, "imports"), name), _MOST_TARGETS):
        for place in (target, *_sources_of(target)):
            path = joined(package.folder, place)
            if path is not None:
                yield path


def alias_targets(path: str, module: str, project: Project) -> Iterator[str]:
    """Yield the paths that `module` means by the nearest `tsconfig.json` or `jsconfig.json`."""
    for folder in ancestors(parent_of(path)):
        for name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.app.json"):
            aliases = _aliases(inside(folder, name), project, _MOST_EXTENDS)
            if aliases is None:
                continue
            base = joined(aliases.folder, aliases.base or ".") or ""
            targets = list(islice(_matching(aliases.paths, module), _MOST_TARGETS))
            targets += [module] if aliases.base is not None else []
            for target in targets:
                found = joined(base, target)
                if found is not None:
                    yield found


def _aliases(path: str, project: Project, n_left: int) -> Aliases | None:
    config = project.configuration(path, parse_object) if project.has(path) else None
    if config is None:
        return None
    options, folder = object_at(config, "compilerOptions"), parent_of(path)
    base = options.get("baseUrl")
    if isinstance(options.get("paths"), dict) or isinstance(base, str) or n_left == 0:
        return Aliases(folder, base if isinstance(base, str) else None, object_at(options, "paths"))
    extended = text_at(config, "extends")
    outer = joined(folder, extended) if extended.startswith(".") else None
    if outer is None:
        return None
    return _aliases(outer if outer.endswith(".json") else f"{outer}.json", project, n_left - 1)


def _targets(package: Package, name: str) -> Iterator[str]:
    exports = package.facts.get("exports")
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        yield from _matching(exports, f"./{name}" if name else ".")
    elif not name:
        yield from _texts(exports)
    if not name:
        for key in ("source", "types", "typings", "module", "main"):
            yield text_at(package.facts, key)


def _matching(patterns: dict[str, Any], name: str) -> Iterator[str]:
    """Yield the targets of the patterns that match, the most exact first, with the star filled."""
    for pattern in sorted(patterns, key=len, reverse=True):
        before, star, after = pattern.partition("*")
        if not star and pattern == name:
            yield from _texts(patterns[pattern])
        elif star and name.startswith(before) and name.endswith(after):
            filling = name[len(before) : len(name) - len(after)]
            yield from (text.replace("*", filling) for text in _texts(patterns[pattern]))


def _texts(value: object, n_levels: int = 6) -> Iterator[str]:
    """Yield the texts in a value, however deep its conditions are."""
    if isinstance(value, str):
        yield value
    elif n_levels and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, n_levels - 1)


def _sources_of(target: str) -> Iterator[str]:
    """Yield the places where the source of a built file may lie."""
    place = target.removeprefix("./")
    bare = _BUILT.sub("", place)
    if bare != place:
        yield f"src/{bare}"
        yield bare
