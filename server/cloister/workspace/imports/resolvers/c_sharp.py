"""C#: a namespace is mostly a folder, whose path may leave out the beginning of its name.

Of `using Alias = A.B;` and `using static A.B.C;` the last names are types, of which the outermost
mostly has a file with its name.
"""

from collections.abc import Iterator
from itertools import islice

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, nearest_first
from cloister.workspace.imports.resolvers import Resolver

_OUTSIDE = frozenset({"System", "Microsoft", "Windows"})
_MOST_FILES = 40
_MOST_NESTED = 3


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    names = imported.module.partition("<")[0].split(".")
    for n_names in range(len(names), max(len(names) - _MOST_NESTED, 0), -1):
        types = project.files_ending_with(f"{names[n_names - 1]}.cs") if n_names > 1 else ()
        folders = _folders_of(names[:n_names], project)
        files = [
            *nearest_first([file for file in types if _spells(file, names[0])], path),
            *(file for folder in nearest_first(folders, path) for file in project.files_in(folder)),
        ]
        yield from islice((file for file in files if file.endswith(".cs")), _MOST_FILES)
        if files:
            return


def _folders_of(names: list[str], project: Project) -> list[str]:
    """Return the folders that spell a namespace, or its end when they lie below its beginning."""
    known = project.derived(_folders_by_namespace)
    exact = known.get(".".join(names), [])
    if exact or names[0] in _OUTSIDE:
        return exact
    ends = (known.get(".".join(names[start:]), []) for start in range(1, len(names)))
    below = ([folder for folder in found if _spells(folder, names[0])] for found in ends)
    return next((found for found in below if found), [])


def _spells(path: str, name: str) -> bool:
    return name in path.replace("/", ".").split(".")


def _folders_by_namespace(project: Project) -> dict[str, list[str]]:
    """Return the folders of sources by every name that their path may spell."""
    found: dict[str, list[str]] = {}
    for folder in project.folders:
        if any(file.endswith(".cs") for file in project.files_in(folder)):
            names = folder.replace("/", ".").split(".")
            for start in range(len(names)):
                found.setdefault(".".join(names[start:]), []).append(folder)
    return found


RESOLVER = Resolver(languages=frozenset({"c_sharp"}), resolve=_resolve)
