"""Adds types where a function has none: its result, and with an instruction its parameters.

Only in languages in which a type can be left out although it tells a reader something. What stands
behind the signature stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.checks import ONLY_SIGNATURE
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer
from cloister.syntax.bindings import bindings_in

_MOST_TOKENS = 24


@dataclass(frozen=True, slots=True)
class _Notation:
    """How the type of a result is written: where `end` finds nothing, there is no room for one.

    Its first group is what stands before the type at the end of the signature, which `follows`
    finds the next code behind. Constructors have no result.
    """

    end: re.Pattern[str]
    lead: str
    stop: tuple[str, ...]
    follows: re.Pattern[str] = re.compile("")
    constructors: frozenset[str] = frozenset()


_TYPESCRIPT = _Notation(
    re.compile(r"(\))(?:\s*=>)?\Z"),
    ": ",
    ("{", "=>", "\n"),
    constructors=frozenset({"constructor"}),
)
_EXPRESSION = _Notation(re.compile(r"([\w)\]])\Z"), ": ", ("=", "\n"), re.compile(r"\s*="))
_NOTATIONS = {
    "kotlin": _EXPRESSION,
    "php": _Notation(
        re.compile(r"(\))\Z"),
        ": ",
        ("{", "\n"),
        constructors=frozenset({"__construct", "__destruct"}),
    ),
    "python": _Notation(re.compile(r"(\)):\Z"), " -> ", (":", "\n")),
    "scala": _EXPRESSION,
    "tsx": _TYPESCRIPT,
    "typescript": _TYPESCRIPT,
}
_THEMSELVES = frozenset({"cls", "self", "this"})


def _offers(place: Place) -> Iterator[Offer]:
    function, notation = place.function, _NOTATIONS.get(place.read.language.name)
    if function is None or notation is None:
        return
    hole = _result(place, function, notation)
    if hole is None and not _has_bare_parameters(place, function):
        return
    instruction = Instruction(
        function.span,
        f"Add type annotations to the parameters and the result of `{function.name}`. "
        "Change nothing else.",
        promise=ONLY_SIGNATURE,
    )
    tasks = (instruction, hole) if hole else (instruction,)
    yield Offer(f"Add types to “{function.name}”", tasks)


def _result(place: Place, function: Definition, notation: _Notation) -> Hole | None:
    source, start = place.text.value, function.span.start
    found = notation.end.search(source[start : function.signature_end].rstrip())
    is_known = function.type or function.name in notation.constructors
    if found is None or is_known or not notation.follows.match(source, start + found.end()):
        return None
    end = start + found.end(1)
    return Hole(
        Span(end, end),
        notation.lead,
        stop=notation.stop,
        most_tokens=_MOST_TOKENS,
        promise=ONLY_SIGNATURE,
    )


def _has_bare_parameters(place: Place, function: Definition) -> bool:
    start, end = function.name_span.end, function.signature_end
    bindings = bindings_in(place.read.parsed, Span(start, end))
    bare = (it for it in bindings if not it.type and it.name not in _THEMSELVES)
    # What is taken apart has its type behind the bracket.
    before = (
        place.text.value[start : it.span.start] for it in bare if start <= it.span.start < end
    )
    return any(text.count("{") <= text.count("}") for text in before)


ACTION = Action("annotate", "refactor.rewrite", _offers)
