"""Shell: the path of a sourced file, whose beginning is often a variable or a command."""

import re
from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, joined, nearest_first, parent_of
from cloister.workspace.imports.resolvers import Resolver

# `$DIR/`, `${BASH_SOURCE%/*}/`, `$(dirname "$0")/`
_EXPANSION = re.compile(r".*(?:\$\w+|\}|\)|`)[\"']?/", re.DOTALL)


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    name = _EXPANSION.sub("", imported.module).strip("\"' ")
    for candidate in (name, f"{name}.bash", f"{name}.sh"):
        for folder in (parent_of(path), ""):
            yield joined(folder, candidate) or ""
    end = "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
    yield from nearest_first(list(project.files_ending_with(end)), path)


RESOLVER = Resolver(languages=frozenset({"bash"}), resolve=_resolve)
