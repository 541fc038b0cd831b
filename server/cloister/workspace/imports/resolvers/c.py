"""C and C++: an include is found beside the file, or in a folder that some build adds.

Which folders those are is not known; a path that ends with the include is taken for it, those below
a folder called `include` first. Names of the standard library count only beside the file.
"""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.project import Project, joined, nearest_first, parent_of
from cloister.workspace.imports.resolvers import Resolver

_STANDARD = frozenset(
    """
    assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar
    wchar wctype unistd fcntl pthread dirent
    """.split()  # noqa: SIM905  # lines of names are easier to read than a list
)


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    name = imported.module.strip('<>"')
    beside = joined(parent_of(path), name)
    if beside is not None and not imported.module.startswith("<"):
        yield beside
    if name.removesuffix(".h") in _STANDARD or "." not in name:
        return
    end = "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
    found = nearest_first(list(project.files_ending_with(end)), path)
    yield from sorted(found, key=lambda file: "include" not in file.split("/"))


RESOLVER = Resolver(languages=frozenset({"c", "cpp"}), resolve=_resolve)
