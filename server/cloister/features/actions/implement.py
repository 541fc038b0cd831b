"""Writes the body of a function that has none yet: from its signature and documentation."""

import re
from collections.abc import Iterator

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer

_MOST_TOKENS = 256
_STUB = re.compile(
    r"(?:pass|\.\.\."
    r"|raise NotImplementedError\b.*|return NotImplemented"
    r"|(?:todo|unimplemented)!\(.*\)"
    r"|TODO\(.*\)|fatalError\(.*\)|\?\?\?"
    r"|throw (?:new )?\w*(?:NotImplemented|UnsupportedOperation)\w*\(.*\)"
    r"|throw (?:new )?\w+\((?i:.*\b(?:todo|not (?:yet )?implemented)\b.*)\)"
    r"|panic\((?i:.*\b(?:todo|not (?:yet )?implemented)\b.*)\));?",
    re.DOTALL,
)
_EMPTY_BODY = re.compile(r"[^{]{0,200}\{(\s*)\}\s*;?\s*")


def _offers(place: Place) -> Iterator[Offer]:
    function = place.function
    if function and (hole := _hole(place, function)):
        written = Instruction(
            function.span,
            f"Implement the body of `{function.name}` from its signature and documentation. "
            "Keep both as they are.",
        )
        yield Offer(f"Implement “{function.name}”", (written, hole), is_preferred=True)


def _hole(place: Place, function: Definition) -> Hole | None:
    statements = place.body_statements(function)
    source = place.text.value
    if statements:
        if not all(_STUB.fullmatch(source[it.start : it.end].strip()) for it in statements):
            return None
        span = Span(statements[0].start, statements[-1].end)
        return Hole(span, indentation=place.indentation_at(span.start), most_tokens=_MOST_TOKENS)
    return _empty_block(place, function)


def _empty_block(place: Place, function: Definition) -> Hole | None:
    """Return the hole between the braces of an empty body."""
    start = function.signature_end
    empty = _EMPTY_BODY.fullmatch(place.text.value, start, function.span.end)
    if not empty:
        return None
    outer = place.indentation_at(function.span.start)
    inner = outer + place.read.unit
    span = Span(*empty.span(1))
    return Hole(span, f"\n{inner}", f"\n{outer}", indentation=inner, most_tokens=_MOST_TOKENS)


ACTION = Action("implement", "refactor.rewrite", _offers)
