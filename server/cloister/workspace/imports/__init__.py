"""Which files of a workspace an import means.

Languages differ in how, so each has a file under `resolvers/`. All of them are guesses made from
paths and a few configuration files: nothing is run and nothing outside the workspace is looked at.
An import of something external means no file.
"""

from itertools import islice

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project
from cloister.workspace.imports.resolvers import Resolver, resolver_of

__all__ = ["Project", "resolve"]

_MOST_FILES = 50
_MAX_IMPORT_CHARS = 500


def resolve(imported: Import, path: str, language: str, project: Project) -> tuple[str, ...]:
    """Return the files of the project that an import in the file at `path` may mean, best first.

    `language` is its name as in `grammars/`. Empty when the import means nothing of the workspace.
    """
    resolver = resolver_of(language)
    if resolver is None or len(imported.module) + len(imported.name) > _MAX_IMPORT_CHARS:
        return ()
    place = resolver.place_of(path)
    found = project.remembered(
        (resolver, imported.module, imported.name, place),
        lambda: _files(resolver, imported, path, project),
    )
    return tuple(file for file in found if file != path)


def _files(resolver: Resolver, imported: Import, path: str, project: Project) -> tuple[str, ...]:
    found = dict.fromkeys(resolver.resolve(imported, path, project))
    return tuple(islice(filter(project.has, found), _MOST_FILES))
