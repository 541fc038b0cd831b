"""Writes tests of the function or class at the cursor, where the project keeps its tests."""

import os
from collections.abc import Iterator
from pathlib import Path

from cloister.core.outline import Definition, SymbolKind
from cloister.core.text import Span
from cloister.features.editing.constructors import is_constructor
from cloister.features.editing.conventions import new_test_file
from cloister.features.editing.frameworks import how_to_test
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Addition, Creation, Offer

_IN_RUST = "Write a module `#[cfg(test)] mod tests` that begins with `use super::*;`."
_WHAT = "Cover the usual case, the edges and the errors. Expect only what the code says."
# How a test gets at what it tests: `{}` is the way from its folder, without the file's ending.
_REACHED = {
    "bash": "Source it from `{}{suffix}`. ",
    "c": "Include `{}{header}`. ",
    "cpp": "Include `{}{header}`. ",
    "javascript": "Import it from `{}`. ",
    "ruby": "Get it with `require_relative` from `{}`. ",
    "tsx": "Import it from `{}`. ",
    "typescript": "Import it from `{}`. ",
}
_FOLDERS_OF_LUA = frozenset({"lib", "lua", "src"})
_HEADERS = (".h", ".hpp", ".hh", ".hxx")


def _offers(place: Place) -> Iterator[Offer]:
    definition, path = _subject(place), place.read.document.path
    if definition is None or path is None:
        return
    language, title = place.read.language.name, f"Write tests of “{definition.name}”"
    if language == "rust":
        if not _has_tests(place):
            text = f"Write tests of `{definition.name}`. {_IN_RUST} {_WHAT}"
            yield Offer(title, (Addition(definition.span, "tests", text, definition.name),))
    elif file := new_test_file(path, place.root or path.parent, language):
        where = f"{title} in {file.name}"
        yield Offer(where, (_creation(place, definition, path, file),))


def _subject(place: Place) -> Definition | None:
    """Return what is tested: a constructor by its class."""
    definition = place.definition
    if definition and is_constructor(definition):
        return place.innermost(frozenset({SymbolKind.CLASS})) or definition
    return definition


def _creation(place: Place, definition: Definition, path: Path, file: Path) -> Creation:
    root = place.root or path.parent
    text = (
        f"Write the whole new file {file.name} with tests of `{_full_name(definition)}`. "
        f"{_reached(place, path, file)}"
        f"{how_to_test(file, root, place.read.language.name)} {_WHAT}"
    )
    return Creation(_about(place, definition), file, text, definition.name)


def _about(place: Place, definition: Definition) -> Span:
    """Return the definition with the class that it is a method of."""
    around = place.innermost(frozenset({SymbolKind.CLASS})) if definition.container else None
    return around.span if around else definition.span


def _full_name(definition: Definition) -> str:
    return ".".join(filter(None, (definition.container, definition.name)))


def _reached(place: Place, path: Path, file: Path) -> str:
    """Return in a sentence how the test finds what it tests."""
    language = place.read.language.name
    if language == "python":
        return f"Import it from `{_python_module(path, place.root)}`. "
    if language == "lua":
        return f"Require it as `{_lua_module(path, place.root)}`. "
    if language == "swift" and file.parent.name.endswith("Tests"):
        return f"Get it with `@testable import {file.parent.name.removesuffix('Tests')}`. "
    if form := _REACHED.get(language):
        there = os.path.relpath(path.with_suffix(""), file.parent).replace(os.sep, "/")
        there = there if there.startswith(".") else f"./{there}"
        headers = (it for it in _HEADERS if path.with_suffix(it).is_file())
        return form.format(there, suffix=path.suffix, header=next(headers, path.suffix))
    kinds = (it for it in place.read.outline.definitions if it.kind is SymbolKind.MODULE)
    around = next(kinds, None) if language != "go" else None
    return f"It is in `{around.name}`. " if around else ""


def _python_module(path: Path, root: Path | None) -> str:
    names = [path.stem]
    for folder in path.parents:
        if folder == root or not (folder / "__init__.py").is_file():
            break
        names.append(folder.name)
    return ".".join(reversed(names))


def _lua_module(path: Path, root: Path | None) -> str:
    inside = path.relative_to(root) if root and path.is_relative_to(root) else Path(path.name)
    names = inside.with_suffix("").parts
    return ".".join(names[1:] if names[0] in _FOLDERS_OF_LUA and names[1:] else names)


def _has_tests(place: Place) -> bool:
    return any(it.name == "tests" and not it.container for it in place.read.outline.definitions)


ACTION = Action("tests", "refactor", _offers)
