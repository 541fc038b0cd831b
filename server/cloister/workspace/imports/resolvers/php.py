"""PHP: `composer.json` says which folder a namespace begins in; files are also named by path."""

from collections.abc import Iterator

from cloister.core.outline import Import
from cloister.workspace.imports.json_config import object_at, parse_object
from cloister.workspace.imports.project import Project, inside, joined, nearest_first, parent_of
from cloister.workspace.imports.resolvers import Resolver

_SECTIONS = ("autoload", "autoload-dev")
_STANDARDS = ("psr-4", "psr-0")
# Functions have no file of their own.
_FILES_OF_FUNCTIONS = ("functions.php", "helpers.php")


def _resolve(imported: Import, path: str, project: Project) -> Iterator[str]:
    if imported.module.endswith((".php", ".inc")):
        yield from _files_at(imported.module, path, project)
        return
    names = [name for name in (imported.module, imported.name) if name not in ("", "*")]
    qualified = "\\".join(names).strip("\\")
    folders = project.derived(_folders_by_prefix)
    for prefix, folder in folders:
        if qualified.startswith(prefix):
            place = inside(folder, qualified.removeprefix(prefix).replace("\\", "/"))
            yield f"{place}.php"
            if not project.has(f"{place}.php"):
                yield from (inside(parent_of(place), name) for name in _FILES_OF_FUNCTIONS)
    if not folders:
        yield from _files_with_end_of(qualified.split("\\"), path, project)


def _files_at(name: str, path: str, project: Project) -> Iterator[str]:
    yield joined(parent_of(path), name) or ""
    end = "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
    yield from nearest_first(list(project.files_ending_with(end)), path)


def _files_with_end_of(names: list[str], path: str, project: Project) -> Iterator[str]:
    """Yield the files whose path ends like the name, the longest agreement that there is."""
    for start in range(len(names) - 1):
        found = list(project.files_ending_with(f"{'/'.join(names[start:])}.php"))
        if found:
            yield from nearest_first(found, path)
            return


def _folders_by_prefix(project: Project) -> list[tuple[str, str]]:
    """Return namespaces' beginnings and their folders, the longest first."""
    found = []
    for path in project.files_ending_with("composer.json"):
        facts = project.configuration(path, parse_object) or {}
        for section in _SECTIONS:
            for standard in _STANDARDS:
                for prefix, value in object_at(object_at(facts, section), standard).items():
                    for place in value if isinstance(value, list) else [value]:
                        folder = joined(parent_of(path), place) if isinstance(place, str) else None
                        if folder is not None:
                            found.append((prefix, folder))
    return sorted(found, key=lambda entry: -len(entry[0]))


RESOLVER = Resolver(languages=frozenset({"php"}), resolve=_resolve)
