"""Adds types where a function has none: its result, and with an instruction its parameters."""

from collections.abc import Iterator

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer

_MOST_TOKENS = 24
_ANY_SIGNATURE = Promise(signature=False)


def _offers(place: Place) -> Iterator[Offer]:
    function = place.function
    if function is None or place.read.language.name != "python" or function.type:
        return
    instruction = Instruction(
        function.span,
        f"Add type annotations to the parameters and the result of `{function.name}`. "
        "Change nothing else.",
        promise=_ANY_SIGNATURE,
    )
    hole = _result(place, function)
    tasks = (instruction, hole) if hole else (instruction,)
    yield Offer(f"Add types to “{function.name}”", tasks)


def _result(place: Place, function: Definition) -> Hole | None:
    signature = place.text.value[function.span.start : function.signature_end].rstrip()
    if not signature.endswith("):"):
        return None
    end = function.span.start + len(signature) - 1
    return Hole(
        Span(end, end),
        " -> ",
        stop=(":", "\n"),
        most_tokens=_MOST_TOKENS,
        promise=_ANY_SIGNATURE,
    )


ACTION = Action("annotate", "refactor.rewrite", _offers)
