"""Java, Kotlin and Scala: a package is a folder, wherever its sources begin.

The file of a type is mostly called like it. Where it is not, as often in Kotlin and Scala, any file
of the package may be meant. The languages see each other.
"""

from collections.abc import Iterator
from itertools import islice

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, nearest_first
from cloister.workspace.imports.resolvers import Resolver

_ENDS = (".java", ".kt", ".scala", ".kts")
_OUTSIDE = frozenset({"java", "javax", "kotlin", "scala", "android", "androidx"})
_MOST_OF_PACKAGE = 30


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    parts = [part for part in imported.module.split(".") if part]
    if imported.name not in ("", "*", "given"):
        parts.append(imported.name)
    if not parts or parts[0] in _OUTSIDE:
        return
    types = _files_of_type(parts, path, project)
    yield from types
    if not types:
        # In Java every type has a file: there is nothing to find but the package itself.
        least = len(parts) if path.endswith(".java") else 1
        yield from islice(_files_of_package(parts, least, path, project), _MOST_OF_PACKAGE)


def _files_of_type(parts: list[str], path: str, project: Project) -> list[str]:
    """Return the files of the innermost type that has one: members and inner types lie in it."""
    for n_parts in range(len(parts), 1, -1):
        stem = "/".join(parts[:n_parts])
        found = [file for end in _ENDS for file in project.files_ending_with(stem + end)]
        if found:
            return nearest_first(found, path)
    return []


def _files_of_package(parts: list[str], least: int, path: str, project: Project) -> Iterator[str]:
    """Yield the files of the innermost package that there is, of at least so many names."""
    for n_parts in range(len(parts), least - 1, -1):
        folders = list(project.folders_ending_with("/".join(parts[:n_parts])))
        inner = (
            file for folder in nearest_first(folders, path) for file in project.files_in(folder)
        )
        files = [file for file in inner if file.endswith(_ENDS)]
        yield from files
        if files:
            return


RESOLVER = Resolver(languages=frozenset({"java", "kotlin", "scala"}), resolve=_resolve)
