"""JavaScript and TypeScript: paths without their ends, packages of the workspace, and aliases."""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.packages import (
    alias_targets,
    entries,
    internal_entries,
    package_around,
    packages_by_name,
)
from cloister.workspace.imports.project import Project, inside, joined, parent_of
from cloister.workspace.imports.resolvers import Resolver

_ENDS = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte")
# What an import calls a file by, and what the file may be called before it is compiled.
_SOURCES_OF = {
    ".js": (".ts", ".tsx", ".d.ts", ".js", ".jsx"),
    ".jsx": (".tsx", ".jsx"),
    ".mjs": (".mts", ".mjs"),
    ".cjs": (".cts", ".cjs"),
}
# Most bundlers' templates call the folder of sources so.
_USUAL_ALIASES = ("@/", "~/")


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    for target in _targets(imported.module.partition("?")[0], path, project):
        found = _file_of(target, project)
        if found:
            yield found
            return


def _targets(module: str, path: str, project: Project) -> Iterator[str]:
    """Yield the paths, with or without their ends, that a module's name may mean."""
    if module.startswith("."):
        target = joined(parent_of(path), module)
        yield from () if target is None else (target,)
        return
    yield from alias_targets(path, module, project)
    package = package_around(path, project)
    if module.startswith("#") and package is not None:
        yield from internal_entries(package, module)
    for alias in _USUAL_ALIASES:
        if module.startswith(alias) and package is not None:
            yield joined(package.folder, f"src/{module.removeprefix(alias)}") or ""
            yield joined(package.folder, module.removeprefix(alias)) or ""
    yield from _in_packages(module, project)


def _in_packages(module: str, project: Project) -> Iterator[str]:
    parts = module.split("/")
    n_parts = 2 if module.startswith("@") else 1
    package = project.derived(packages_by_name).get("/".join(parts[:n_parts]))
    if package is not None:
        yield from entries(package, "/".join(parts[n_parts:]))


def _file_of(target: str, project: Project) -> str:
    """Return the file that a path means, empty when there is none."""
    stem, dot, end = target.rpartition(".")
    names = [stem + source for source in _SOURCES_OF.get(dot + end, ())]
    names += [target, *(target + each for each in _ENDS)]
    names += [inside(target, f"index{each}") for each in _ENDS]
    return next((name for name in names if project.has(name)), "")


RESOLVER = Resolver(languages=frozenset({"javascript", "typescript", "tsx"}), resolve=_resolve)
