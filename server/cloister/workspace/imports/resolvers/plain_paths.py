"""Languages whose imports are paths beside the file: CSS, HTML, Zig and HCL."""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, inside, joined, parent_of
from cloister.workspace.imports.resolvers import Resolver

_STYLES = (".css", ".scss", ".sass", ".less")
_MOST_FILES = 30


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    target = joined(parent_of(path), imported.module)
    if target is None:
        return
    yield target
    folder, name = parent_of(target), target.rpartition("/")[2]
    for end in _STYLES:
        yield f"{target}{end}"
        yield inside(folder, f"_{name}{end}")
    if imported.module.startswith("."):
        # A module of Terraform is a folder.
        yield from [file for file in project.files_in(target) if file.endswith(".tf")][:_MOST_FILES]


RESOLVER = Resolver(languages=frozenset({"css", "hcl", "html", "zig"}), resolve=_resolve)
