"""Translates the selection, or the definition at the cursor, into a new file beside this one."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cloister.core.outline import Definition, SymbolKind
from cloister.core.text import Span
from cloister.features.editing.naming import Case, in_case
from cloister.features.editing.neighbours import extensions_below
from cloister.features.editing.place import CALLABLES, Place
from cloister.features.editing.task import Action, Creation, Offer
from cloister.syntax.languages import language_named

_MOST_OFFERS = 4
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE})
_IN_A_CLASS = " A function stands in a class called `{}`."


@dataclass(frozen=True, slots=True)
class _Custom:
    """How a language names files and functions, and what else a file of it needs."""

    title: str
    extension: str
    of_files: Case
    of_functions: Case
    rule: str = ""


_CUSTOMS: Mapping[str, _Custom] = {
    "python": _Custom("Python", ".py", Case.SNAKE, Case.SNAKE, " Annotate types."),
    "typescript": _Custom("TypeScript", ".ts", Case.SNAKE, Case.CAMEL, " Export it."),
    "javascript": _Custom("JavaScript", ".js", Case.SNAKE, Case.CAMEL, " Export it."),
    "go": _Custom("Go", ".go", Case.SNAKE, Case.PASCAL, " Begin with the package."),
    "rust": _Custom("Rust", ".rs", Case.SNAKE, Case.SNAKE, " Make it public."),
    "java": _Custom("Java", ".java", Case.PASCAL, Case.CAMEL, _IN_A_CLASS),
    "kotlin": _Custom("Kotlin", ".kt", Case.PASCAL, Case.CAMEL),
    "c_sharp": _Custom("C#", ".cs", Case.PASCAL, Case.PASCAL, _IN_A_CLASS),
    "cpp": _Custom("C++", ".cpp", Case.SNAKE, Case.SNAKE),
    "c": _Custom("C", ".c", Case.SNAKE, Case.SNAKE),
    "swift": _Custom("Swift", ".swift", Case.PASCAL, Case.CAMEL),
    "scala": _Custom("Scala", ".scala", Case.PASCAL, Case.CAMEL),
    "ruby": _Custom("Ruby", ".rb", Case.SNAKE, Case.SNAKE),
    "php": _Custom("PHP", ".php", Case.PASCAL, Case.CAMEL, " Begin with `<?php`."),
    "lua": _Custom("Lua", ".lua", Case.SNAKE, Case.SNAKE),
}
_WITH_HYPHENS = frozenset({".js", ".ts"})
# What code in a language is moved to most, where the folder says nothing.
_SUCCESSORS = {"java": "kotlin", "javascript": "typescript", "c": "rust", "tsx": "typescript"}
_USUAL = ("python", "typescript", "go", "rust")


def _offers(place: Place) -> Iterator[Offer]:
    path, source = place.read.document.path, place.read.language.name
    if path is None or (source not in _CUSTOMS and source not in {"bash", "tsx"}):
        return
    definition, span = _subject(place)
    if definition is None and not place.selected.strip():
        return
    name = definition.name if definition else path.stem
    title = f"“{name}”" if definition else "the selection"
    for target in _targets(source, place.root or path.parent):
        custom = _CUSTOMS[target]
        file = path.with_name(_file_name(place, definition, custom))
        if not os.path.lexists(file):
            creation = _creation(definition, span, file, target)
            yield Offer(f"Translate {title} to {custom.title} in {file.name}", (creation,))


def _subject(place: Place) -> tuple[Definition | None, Span]:
    """Return the definition that is translated and its lines; a method comes with its class."""
    outermost = _outermost(place)
    if place.selected.strip():
        inside = [it for it in outermost if _holds(place.span, it.span)]
        if inside:
            return inside[0], place.span
    around = (it for it in outermost if _holds(it.span, place.span))
    definition = next(around, None)
    return definition, definition.span if definition else place.span


def _outermost(place: Place) -> list[Definition]:
    """Return what can be translated by itself; a name of signs alone makes no file."""
    found = place.read.outline.definitions
    named = (it for it in found if any(map(str.isalnum, it.name)))
    return [it for it in named if it.kind in CALLABLES | _TYPES and not it.container]


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _targets(source: str, root: Path) -> list[str]:
    """Return the languages of the folder, the most frequent first, and then the usual ones."""
    counts = extensions_below(root)
    n_files = {name: counts[custom.extension] for name, custom in _CUSTOMS.items()}
    present = sorted(filter(n_files.__getitem__, n_files), key=lambda name: -n_files[name])
    successor = _SUCCESSORS.get(source)
    wanted: Iterable[str] = (*present, *([successor] if successor else []), *_USUAL)
    return [name for name in dict.fromkeys(wanted) if name != source][:_MOST_OFFERS]


def _file_name(place: Place, definition: Definition | None, custom: _Custom) -> str:
    """Return the name of the new file: the old one's where it holds nothing else."""
    is_only = definition is None or len(_outermost(place)) == 1
    path = place.read.document.path
    name = path.stem if path and is_only else definition.name if definition else ""
    stem = in_case(name, "", custom.of_files) or name
    if custom.extension in _WITH_HYPHENS:
        stem = stem.replace("_", "-")
    return f"{stem}{custom.extension}"


def _creation(definition: Definition | None, span: Span, file: Path, target: str) -> Creation:
    custom = _CUSTOMS[target]
    name = _name(definition, custom)
    what, called = (f"`{definition.name}`", f" Call it `{name}`.") if definition else ("this", "")
    text = (
        f"Translate {what} into {custom.title}, as the whole new file {file.name}.{called}"
        f"{custom.rule.format(file.stem)} What it does has to stay the same. Write it as is usual "
        f"in {custom.title}, with its standard library only, and add what it needs of the file "
        "that is shown."
    )
    return Creation(span, file, text, name, language_named(target))


def _name(definition: Definition | None, custom: _Custom) -> str:
    """Return what a definition is called in another language."""
    if definition is None:
        return ""
    case = Case.PASCAL if definition.kind in _TYPES else custom.of_functions
    return in_case(definition.name, "", case) or definition.name


ACTION = Action("translate", "refactor", _offers)
