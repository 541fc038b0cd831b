"""Python: a module is a file or a folder below some source root.

Roots are not configured but seen: the folder around the file's own package and those above it, then
every folder that holds something of the module's first name. The second kind is not tried for
names of the standard library.
"""

import sys
from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, ancestors, inside, nearest_first, parent_of
from cloister.workspace.imports.resolvers import Resolver


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    module = imported.module.lstrip(".")
    parts = [part for part in module.split(".") if part]
    n_dots = len(imported.module) - len(module)
    name = "" if imported.name == "*" else imported.name
    roots = _relative_root(path, n_dots) if n_dots else _roots(parts, path, project)
    for root in roots:
        found = list(_files_of(root, parts, name, project))
        yield from found
        if found:
            return


def _files_of(root: str, parts: list[str], name: str, project: Project) -> Iterator[str]:
    """Yield the files of a module: the one of the imported name first, where that is a module."""
    base = "/".join([root, *parts]).strip("/")
    stems = [inside(base, name)] if name else []
    stems += [base] if base else []
    for stem in stems:
        for end in (".py", ".pyi", "/__init__.py", "/__init__.pyi"):
            if project.has(stem + end):
                yield stem + end


def _relative_root(path: str, n_dots: int) -> Iterator[str]:
    folders = list(ancestors(parent_of(path)))
    if n_dots <= len(folders):
        yield folders[n_dots - 1]


def _roots(parts: list[str], path: str, project: Project) -> Iterator[str]:
    for folder in ancestors(parent_of(path)):
        if not _is_package(folder, project):
            yield folder
            yield inside(folder, "src")
    if parts and parts[0] not in sys.stdlib_module_names:
        yield from nearest_first(set(_seen_roots(parts[0], project)), path)


def _seen_roots(first: str, project: Project) -> Iterator[str]:
    seen = (*project.folders_ending_with(first), *project.files_ending_with(f"{first}.py"))
    return (root for root in map(parent_of, seen) if not _is_package(root, project))


def _is_package(folder: str, project: Project) -> bool:
    return project.has(inside(folder, "__init__.py"))


RESOLVER = Resolver(languages=frozenset({"python"}), resolve=_resolve)
