"""Converts code from one form into another that does the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cloister.core.outline import Definition, SymbolKind
from cloister.core.text import with_plain_newlines
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer


@dataclass(frozen=True, slots=True)
class _Conversion:
    """One form into another, offered where `found` is in the code."""

    languages: frozenset[str]
    found: re.Pattern[str]
    title: str
    text: str
    promise: Promise = Promise()  # noqa: RUF009  # it is frozen


_MOST_CHARS = 20_000
_JAVASCRIPT = frozenset({"javascript", "typescript", "tsx"})
_PYTHON = frozenset({"python"})

# Bounded and without going back, because any text may stand in a function.
_LINE = r"[^\n]{1,100}"
_GAP = r"\s*+(?://[^\n]*+\s*+)*+"
_OPEN = rf"{_GAP}(?:\{{{_GAP})?+"
_FOR_EACH = rf"\bfor(?:each)?\b{_LINE}{_OPEN}(?:if\b{_LINE}{_OPEN})?+"
_PYTHON_LINE = r"[^\n]{1,200}:[ \t]*+\n(?:[ \t]*+#[^\n]*+\n)*+[ \t]++"
_COLLECTING = {
    "c_sharp": (rf"{_FOR_EACH}\w+\.Add\(", "LINQ methods"),
    "java": (rf"{_FOR_EACH}\w+\.add\(", "a stream"),
    "kotlin": (rf"{_FOR_EACH}\w+(?:\.add\(| \+= )", "filter or map"),
    "php": (rf"{_FOR_EACH}\$\w+\[\] = ", "array_filter or array_map"),
    "python": (
        rf"^[ \t]*+for {_PYTHON_LINE}(?:if {_PYTHON_LINE})?\w+\.(?:append|add)\(",
        "a comprehension",
    ),
    "ruby": (r"\.each (?:do|\{) ?\|[^|\n]{1,100}\|\s*+\w+ << ", "select or map"),
    "rust": (rf"{_FOR_EACH}\w+\.(?:push|insert)\(", "methods of iterators"),
    "scala": (rf"{_FOR_EACH}\w+ \+= ", "filter or map"),
    "swift": (rf"{_FOR_EACH}\w+\.append\(", "filter or map"),
}
_OF_FUNCTIONS = (
    *(
        _Conversion(
            frozenset({language}),
            re.compile(found, re.MULTILINE),
            f"Convert the loop in “{{}}” to {target}",
            f"Write {target} in place of the loop that collects values.",
        )
        for language, (found, target) in _COLLECTING.items()
    ),
    _Conversion(
        _JAVASCRIPT,
        re.compile(r"\.then\("),
        "Convert “{}” to async and await",
        "Replace the chain of promises by `await` in an async function.",
        Promise(signature=False),
    ),
    _Conversion(
        _JAVASCRIPT,
        re.compile(r"\bfor\s*\((?:let|var)\s+\w+\s*=\s*0"),
        "Convert the loop in “{}” to for…of or an array method",
        "Replace the counting loop by `for…of` or an array method, whichever reads better.",
    ),
    _Conversion(
        frozenset({"bash"}),
        re.compile(r"`[^`\n]+`"),
        "Convert the backquotes in “{}” to $(…)",
        "Replace each pair of backquotes by `$(` and `)`.",
    ),
    _Conversion(
        frozenset({"cpp"}),
        re.compile(rf"\bfor\s*+\([\w:]++\s++\w++\s*=\s*0;{_LINE}?\.size\(\)"),
        "Convert the loop in “{}” to a range-based for",
        "Replace the counting loop by a range-based `for`.",
    ),
    _Conversion(
        frozenset({"go"}),
        re.compile(r"\bfor \w+ := 0; \w+ < len\("),
        "Convert the loop in “{}” to range",
        "Replace the counting loop by `range`.",
    ),
)
_DATACLASS = _Conversion(
    _PYTHON,
    re.compile(r"\bdef __init__\(self,(?:[^()]|\([^()]*\))*\)(?: -> None)?:\n[ \t]+self\.\w+ = "),
    "Convert “{}” to a dataclass",
    "Turn this class into a dataclass with the same fields, in the same order, with their types. "
    "Import what it needs.",
    Promise(signature=False, definitions=True),
)


def _offers(place: Place) -> Iterator[Offer]:
    function, definition = place.function, place.definition
    language = place.read.language.name
    if function:
        code = _code(place, function)
        for it in _OF_FUNCTIONS:
            if language in it.languages and it.found.search(code):
                instruction = Instruction(function.span, it.text, promise=it.promise)
                yield Offer(it.title.format(function.name), (instruction,))
    elif definition and definition.kind is SymbolKind.CLASS and language in _DATACLASS.languages:
        code = _code(place, definition)
        if _DATACLASS.found.search(code) and "@dataclass" not in code:
            instruction = Instruction(definition.span, _DATACLASS.text, promise=_DATACLASS.promise)
            yield Offer(_DATACLASS.title.format(definition.name), (instruction,))


def _code(place: Place, definition: Definition) -> str:
    span = definition.span
    return with_plain_newlines(place.text.value[span.start : span.end][:_MOST_CHARS])


ACTION = Action("convert", "refactor.rewrite", _offers)
