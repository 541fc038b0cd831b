"""Writes the body of a function that has none yet: from its signature and documentation."""

import re
from collections.abc import Iterator

from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.constructors import is_constructor
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer
from cloister.syntax.comments import comments_in

_MOST_TOKENS = 256
_LATER = r"todo|unimplemented|not (?:yet )?implemented|not supported yet"
_MISSING = rf"(?i:.{{0,200}}\b(?:{_LATER})\b.{{0,200}})"
_RAISED = (
    r"\?\?\?|TODO\(.*\)"
    r"|throw (?:new )?[\w:.\\]*(?:NotImplemented\w*\(.*\)|UnsupportedOperationException\(\))"
    rf"|throw (?:new )?[\w:.\\]+\({_MISSING}\)"
)
_STUB = re.compile(
    r"(?:pass|\.\.\.|:"
    r"|raise NotImplementedError\b.*|return NotImplemented|raise .*NotImplementedError\b.*"
    r"|(?:todo|unimplemented)!\(.*\)"
    rf"|fatalError\(.*\)|(?:panic|error|raise)[ (]{_MISSING}|{_RAISED});?",
    re.DOTALL,
)
_EXPRESSION = re.compile(rf"\s*=>?\s*({_RAISED})\s*;?\s*")
_EMPTY_BODIES = (
    re.compile(r"[^{]{0,200}\{(.*)\}\s*;?\s*", re.DOTALL),
    re.compile(r"(.*)\bend\s*", re.DOTALL),
)


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
    source = place.text.value
    comments = _comments(place, function)
    inside = [it for it in place.body_statements(function) if it not in comments]
    if inside:
        if not all(_STUB.fullmatch(source[it.start : it.end].strip()) for it in inside):
            return None
        span = Span(inside[0].start, inside[-1].end)
        return Hole(span, indentation=place.indentation_at(span.start), most_tokens=_MOST_TOKENS)
    if found := _EXPRESSION.fullmatch(source, function.signature_end, function.span.end):
        return Hole(Span(*found.span(1)), stop=("\n",), most_tokens=_MOST_TOKENS)
    # A constructor's body is often meant to be empty: parameters and initializers do its work.
    return None if is_constructor(function) else _empty_block(place, function, comments)


def _comments(place: Place, function: Definition) -> list[Span]:
    return comments_in(place.read.parsed, Span(*_body(place, function)))


def _body(place: Place, function: Definition) -> tuple[int, int]:
    """Return where a body is; where the syntax knows of none, the lines after the name's."""
    start, end = function.signature_end, function.span.end
    if start >= end:
        start = place.text.line_end(place.text.line_of(function.name_span.end))
    return min(start, end), end


def _empty_block(place: Place, function: Definition, comments: list[Span]) -> Hole | None:
    """Return the hole in a body of nothing but comments, behind them."""
    source = place.text.value
    bodies = (body.fullmatch(source, *_body(place, function)) for body in _EMPTY_BODIES)
    found = next(filter(None, bodies), None)
    if found is None:
        return None
    start, end = found.span(1)
    for comment in comments:
        if not source[start : comment.start].strip():
            start = max(start, min(comment.end, end))
    if source[start:end].strip():
        return None
    outer = place.indentation_at(function.span.start)
    inner = outer + place.read.unit
    span, lead, tail = Span(start, end), f"\n{inner}", f"\n{outer}"
    return Hole(span, lead, tail, indentation=inner, most_tokens=_MOST_TOKENS)


ACTION = Action("implement", "refactor.rewrite", _offers)
