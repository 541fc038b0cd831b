"""Writes the documentation of a function or class, in the way its language has."""

from collections.abc import Iterator
from dataclasses import dataclass

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer

_MOST_TOKENS = 64


@dataclass(frozen=True, slots=True)
class _Convention:
    """What stands before and after a documentation of one line."""

    opening: str
    closing: str = ""


_LINES = _Convention("/// ")
_BLOCK = _Convention("/** ", " */")
_CONVENTIONS = {
    "bash": _Convention("# "),
    "c": _BLOCK,
    "c_sharp": _Convention("/// <summary>", "</summary>"),
    "cpp": _LINES,
    "go": _Convention("// "),
    "java": _BLOCK,
    "javascript": _BLOCK,
    "kotlin": _BLOCK,
    "lua": _Convention("--- "),
    "php": _BLOCK,
    "ruby": _Convention("# "),
    "rust": _LINES,
    "scala": _BLOCK,
    "swift": _LINES,
    "tsx": _BLOCK,
    "typescript": _BLOCK,
}
_QUOTES = '"""'


def _offers(place: Place) -> Iterator[Offer]:
    definition = place.definition
    if definition is None or (hole := _hole(place, definition)) is None:
        return
    instruction = Instruction(
        definition.span,
        f"Write the documentation of `{definition.name}` in the style that the file uses. "
        "Change nothing else.",
    )
    yield Offer(f"Document “{definition.name}”", (instruction, hole))


def _hole(place: Place, definition: Definition) -> Hole | None:
    if definition.documentation is not None:
        return None
    if place.read.language.name == "python":
        return _docstring(place, definition)
    convention = _CONVENTIONS.get(place.read.language.name)
    return _comment(place, definition, convention) if convention else None


def _docstring(place: Place, definition: Definition) -> Hole | None:
    statements = place.body_statements(definition)
    if not statements or _line(place, statements[0].start) == _line(place, definition.span.start):
        return None
    start = statements[0].start
    tail = f"{_QUOTES}\n{place.indentation_at(start)}"
    return _one_line(Hole(Span(start, start), _QUOTES, tail, (_QUOTES,)))


def _comment(place: Place, definition: Definition, convention: _Convention) -> Hole:
    start = definition.span.start
    # The language's own custom: a comment begins with the name of what it is about.
    name = f"{definition.name} " if place.read.language.name == "go" else ""
    tail = f"{convention.closing}\n{place.indentation_at(start)}"
    stop = tuple(filter(None, (convention.closing.strip(),)))
    return _one_line(Hole(Span(start, start), convention.opening + name, tail, stop))


def _one_line(hole: Hole) -> Hole:
    return Hole(hole.span, hole.lead, hole.tail, (*hole.stop, "\n"), None, _MOST_TOKENS, Promise())


def _line(place: Place, offset: int) -> int:
    return place.text.line_of(offset)


ACTION = Action("document", "refactor.rewrite", _offers)
