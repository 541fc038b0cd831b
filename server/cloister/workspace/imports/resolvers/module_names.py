"""Languages whose modules are called like their files: Haskell and Elixir.

`Data.Tree` is `Data/Tree.hs`. `MyApp.UserStore` is `my_app/user_store.ex`, where folders such as
`controllers` may stand between the names, so that the last name decides when the first is known.
"""

import re
from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, nearest_first
from cloister.workspace.imports.resolvers import Resolver

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ELIXIR = (".ex", ".exs")


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    if path.endswith(_ELIXIR):
        yield from _elixir_files(f"{imported.module}.{imported.name}".strip(".*"), path, project)
    else:
        end = f"{imported.module.replace('.', '/')}.hs"
        yield from nearest_first(list(project.files_ending_with(end)), path)


def _elixir_files(module: str, path: str, project: Project) -> Iterator[str]:
    names = [_WORD_START.sub("_", name).lower() for name in module.split(".")]
    # Modules in modules lie in the file of the outer one.
    for n_names in range(len(names), 0, -1):
        stems = ["/".join(names[:n_names])]
        stems += [names[n_names - 1]] if project.has_folder(f"lib/{names[0]}") else []
        for stem in stems:
            found = [file for end in _ELIXIR for file in project.files_ending_with(stem + end)]
            yield from nearest_first(found, path)
            if found:
                return


RESOLVER = Resolver(languages=frozenset({"haskell", "elixir"}), resolve=_resolve)
