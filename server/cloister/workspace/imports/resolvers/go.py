"""Go: an import names a folder below a module, and `go.mod` names the module.

Every file of the folder is meant; the one that is called like the package comes first, tests last.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, ancestors, inside, joined, parent_of
from cloister.workspace.imports.resolvers import Resolver

_MODULE = re.compile(r"^module[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_LOCAL_REPLACEMENT = re.compile(
    r"^[ \t]*(?:replace[ \t]+)?([^\s=]+)(?:[ \t]+v\S+)?[ \t]+=>[ \t]+(\.{1,2}/\S*)", re.MULTILINE
)
_USE = re.compile(r"^[ \t]*(?:use[ \t]+)?\"?(\.{0,2}/[^\s\")]+|\.)\"?[ \t]*$", re.MULTILINE)
_MOST_MODULES = 200


Replacements = tuple[tuple[str, str], ...]


class _GoMod(NamedTuple):
    module: str
    replacements: Replacements


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    for module, folder in _modules(path, project):
        rest = _below(imported.module, module)
        if rest is not None:
            package = joined(folder, rest)
            if package is not None and project.has_folder(package):
                yield from _files_of_package(package, imported.module, project)
                return
    for folder in ancestors(parent_of(path)):
        vendored = inside(folder, f"vendor/{imported.module}")
        yield from _files_of_package(vendored, imported.module, project)


def _modules(path: str, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the modules that a file can import from the workspace, and their folders."""
    for folder in ancestors(parent_of(path)):
        go_mod = _go_mod(folder, project)
        if go_mod is not None:
            yield go_mod.module, folder
            yield from _in_workspace(folder, go_mod.replacements)
        for used in project.configuration(inside(folder, "go.work"), _used_folders) or ():
            place = joined(folder, used)
            other = None if place is None else _go_mod(place, project)
            if place is not None and other is not None:
                yield other.module, place


def _in_workspace(folder: str, replacements: Replacements) -> Iterator[tuple[str, str]]:
    for module, relative in replacements:
        place = joined(folder, relative)
        if place is not None:
            yield module, place


def _go_mod(folder: str, project: Project) -> _GoMod | None:
    return project.configuration(inside(folder, "go.mod"), _parse_go_mod)


def _parse_go_mod(text: str) -> _GoMod | None:
    module = _MODULE.search(text)
    if module is None:
        return None
    replacements = _LOCAL_REPLACEMENT.findall(text)[:_MOST_MODULES]
    return _GoMod(module[1], tuple((name, place) for name, place in replacements))


def _used_folders(text: str) -> list[str]:
    return _USE.findall(text)[:_MOST_MODULES]


def _below(imported: str, module: str) -> str | None:
    if imported == module:
        return ""
    return imported.removeprefix(f"{module}/") if imported.startswith(f"{module}/") else None


def _files_of_package(folder: str, imported: str, project: Project) -> list[str]:
    name = imported.rpartition("/")[2]
    files = [file for file in project.files_in(folder) if file.endswith(".go")]
    return sorted(
        files, key=lambda file: (file.endswith("_test.go"), file != f"{folder}/{name}.go")
    )


RESOLVER = Resolver(languages=frozenset({"go"}), resolve=_resolve)
