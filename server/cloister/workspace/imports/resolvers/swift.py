"""Swift: a module is a folder of its name; every file below it belongs to it."""

from collections.abc import Iterator
from itertools import islice

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, nearest_first
from cloister.workspace.imports.resolvers import Resolver

_MOST_FILES = 40


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    module = imported.module.partition(".")[0]
    if imported.name not in ("", "*"):
        yield from project.files_ending_with(f"{imported.name}.swift")
    folders = [*project.folders_ending_with(f"Sources/{module}")]
    for folder in folders or nearest_first(list(project.folders_ending_with(module)), path):
        below = (inner for inner in project.folders if f"{inner}/".startswith(f"{folder}/"))
        files = (file for inner in below for file in project.files_in(inner))
        yield from islice((file for file in files if file.endswith(".swift")), _MOST_FILES)


RESOLVER = Resolver(languages=frozenset({"swift"}), resolve=_resolve)
