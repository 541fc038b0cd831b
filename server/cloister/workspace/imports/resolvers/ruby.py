"""Ruby: `require_relative` starts beside the file, `require` at a folder of sources."""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, joined, nearest_first, parent_of
from cloister.workspace.imports.resolvers import Resolver


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    name = f"{imported.module.removesuffix('.rb')}.rb"
    beside = joined(parent_of(path), name)
    if beside is not None:
        yield beside
    if not name.startswith("."):
        for folder in ("lib/", "app/", ""):
            yield from nearest_first(list(project.files_ending_with(folder + name)), path)


RESOLVER = Resolver(languages=frozenset({"ruby"}), resolve=_resolve)
