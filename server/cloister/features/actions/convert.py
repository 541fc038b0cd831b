"""Converts code from one form into another that does the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cloister.core.outline import SymbolKind
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
_OF_FUNCTIONS = (
    _Conversion(
        _PYTHON,
        re.compile(
            r"^[ \t]*for [^\n]+:[ \t]*\n(?:[ \t]+if [^\n]+:[ \t]*\n)?[ \t]+\w+\.(?:append|add)\(",
            re.MULTILINE,
        ),
        "Convert the loop in “{}” to a comprehension",
        "Replace the loop that collects values by a comprehension.",
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
    source = place.text.value
    if function:
        code = source[function.span.start : function.span.end][:_MOST_CHARS]
        for it in _OF_FUNCTIONS:
            if language in it.languages and it.found.search(code):
                instruction = Instruction(function.span, it.text, promise=it.promise)
                yield Offer(it.title.format(function.name), (instruction,))
    elif definition and definition.kind is SymbolKind.CLASS and language in _DATACLASS.languages:
        code = source[definition.span.start : definition.span.end][:_MOST_CHARS]
        if _DATACLASS.found.search(code) and "@dataclass" not in code:
            instruction = Instruction(definition.span, _DATACLASS.text, promise=_DATACLASS.promise)
            yield Offer(_DATACLASS.title.format(definition.name), (instruction,))


ACTION = Action("convert", "refactor.rewrite", _offers)
