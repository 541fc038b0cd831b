"""Lua: a name with dots is a path below any folder that the interpreter searches."""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, nearest_first
from cloister.workspace.imports.resolvers import Resolver


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    stem = imported.module.replace(".", "/").strip("/")
    for end in (f"{stem}.lua", f"{stem}/init.lua"):
        yield from nearest_first(list(project.files_ending_with(end)), path) if stem else ()


RESOLVER = Resolver(languages=frozenset({"lua"}), resolve=_resolve)
