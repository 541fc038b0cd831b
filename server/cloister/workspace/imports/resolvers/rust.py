"""Rust: a path leads from a crate's root, or from the file's own module, through files to an item.

The deepest file on the way is meant: what lies behind it is in that file. Crates of the workspace
are known by their `Cargo.toml`. `super` may stand in a module within the file and mean the file
itself: `super::*`, which tests begin with, is taken so.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cloister.core.outline import Import
from cloister.workspace.imports.project import (
    Project,
    ancestors,
    inside,
    joined,
    nearest_first,
    parent_of,
)
from cloister.workspace.imports.resolvers import Resolver

_ROOTS = ("lib.rs", "main.rs")
# Every file in them is a crate of its own, which sees the modules beside it.
_FOLDERS_OF_CRATES = ("tests", "benches", "examples", "bin")
# Enough of TOML for two names; a whole parser takes minutes for hostile files.
_MANIFEST_LINE = re.compile(
    r"^[ \t]*+(?:\[(?P<section>[\w.-]*+)\]"
    r"|(?P<key>name|path)[ \t]*+=[ \t]*+[\"'](?P<value>[^\"'\n]*+))",
    re.MULTILINE,
)
_OUTSIDE = frozenset({"std", "core", "alloc"})


class _Module(NamedTuple):
    """A module's file and the folder where the modules in it lie."""

    file: str
    folder: str


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    if imported.module.endswith(".rs"):
        # `#[path = "…"]` says where the file is.
        yield joined(parent_of(path), imported.module) or ""
        return
    parts = [part.removeprefix("r#") for part in imported.module.split("::") if part]
    if imported.name not in ("", "*"):
        parts.append(imported.name)
    if parts and parts[0] not in _OUTSIDE:
        for start, rest in _starts(parts, path, project):
            yield _deepest(start, rest, project)


def _starts(parts: list[str], path: str, project: Project) -> Iterator[tuple[_Module, list[str]]]:
    """Yield the modules that a path may begin in, with what is left of it."""
    first, rest = parts[0], parts[1:]
    here = _module_of(path)
    if first == "crate":
        yield _crate_of(path, project), rest
    elif first == "self":
        yield here, rest
    elif first == "super" and parts != ["super"]:
        n_up = next((i for i, part in enumerate(parts) if part != "super"), len(parts))
        yield _outer(here, n_up, project), parts[n_up:]
    elif _file_of(first, here.folder, project):
        yield here, parts
    else:
        for root in nearest_first(project.derived(_roots_by_crate).get(first, ()), path):
            yield _Module(root, parent_of(root)), rest


def _deepest(start: _Module, parts: list[str], project: Project) -> str:
    file, folder = start
    for part in parts:
        inner = _file_of(part, folder, project)
        if not inner:
            break
        file, folder = inner, inside(folder, part)
    return file


def _file_of(name: str, folder: str, project: Project) -> str:
    """Return the file of a module in a folder, empty when there is none."""
    stem = inside(folder, name)
    return next((file for file in (f"{stem}.rs", f"{stem}/mod.rs") if project.has(file)), "")


def _module_of(path: str) -> _Module:
    folder, name = parent_of(path), path.rpartition("/")[2]
    if name in ("mod.rs", *_ROOTS) or _holds_crates(folder):
        return _Module(path, folder)
    return _Module(path, path.removesuffix(".rs"))


def _outer(module: _Module, n_levels: int, project: Project) -> _Module:
    folder = module.folder
    for _ in range(n_levels):
        folder = parent_of(folder)
    own = (f"{folder}.rs", f"{folder}/mod.rs", *(f"{folder}/{root}" for root in _ROOTS))
    return _Module(next((file for file in own if project.has(file)), ""), folder)


def _crate_of(path: str, project: Project) -> _Module:
    for folder in ancestors(parent_of(path)):
        for name in _ROOTS:
            root = inside(folder, name)
            if project.has(root):
                return _Module(root, folder)
        if _holds_crates(folder):
            return _Module("", folder)
    return _Module(path, parent_of(path))


def _holds_crates(folder: str) -> bool:
    return folder.rpartition("/")[2] in _FOLDERS_OF_CRATES


def _roots_by_crate(project: Project) -> dict[str, list[str]]:
    """Return the first files of the crates in the workspace, by the name that code calls them."""
    found: dict[str, list[str]] = {}
    for manifest in project.files_ending_with("Cargo.toml"):
        crate = project.configuration(manifest, _parse_manifest)
        for place in crate.places if crate else ():
            root = joined(parent_of(manifest), place)
            if crate and root and project.has(root):
                found.setdefault(crate.name, []).append(root)
                break
    return found


class _Crate(NamedTuple):
    name: str
    places: tuple[str, ...]


def _parse_manifest(text: str) -> _Crate | None:
    found: dict[str, str] = {}
    section = ""
    for match in _MANIFEST_LINE.finditer(text):
        section = match["section"] or section
        if match["key"]:
            found.setdefault(f"{section}.{match['key']}", match["value"])
    name = found.get("lib.name") or found.get("package.name", "")
    place = found.get("lib.path")
    places = (place,) if place else ("src/lib.rs", "src/main.rs")
    return _Crate(name.replace("-", "_"), places) if name else None


RESOLVER = Resolver(languages=frozenset({"rust"}), resolve=_resolve, place_of=str)
