"""Puts a variable's value, or what a small function does, where it is used."""

from collections.abc import Iterator

from cloister.core.outline import Definition, Reference, ReferenceKind
from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import CALLABLES, Place
from cloister.features.editing.task import Action, Instruction, Offer, Rewriting
from cloister.syntax.identifiers import identifiers_in
from cloister.syntax.inlining import has_value, inlined
from cloister.syntax.local_names import LocalName, local_name_at
from cloister.syntax.references import references_in

_MOST_FUNCTION_LINES = 15
_OWN = frozenset({"", "self", "this"})


def _offers(place: Place) -> Iterator[Offer]:
    local = local_name_at(place.read.parsed, place.span.start)
    if local is None:
        yield from _of_function(place)
    elif local.doubt is None:
        yield from _of_variable(place, local)


def _of_variable(place: Place, local: LocalName) -> Iterator[Offer]:
    parsed, function = place.read.parsed, place.function
    if function is None or not has_value(parsed, local):
        return
    if edits := inlined(parsed, local):
        yield Offer(f"Inline “{local.name}”", (Rewriting(local.scope, edits),))
    else:
        text = (
            f"Inline the variable `{local.name}`: put its value where it is used, remove its "
            "declaration, and change nothing else."
        )
        yield Offer(f"Inline “{local.name}”", (_inlining(function.span, text, local.name),))


def _of_function(place: Place) -> Iterator[Offer]:
    call = _call_at(place)
    inlined_one = _small_function(place, call.name) if call else None
    around = Place(place.read, call.span).function if call else None
    if call is None or inlined_one is None or around in {None, inlined_one}:
        return
    code = place.text.value[inlined_one.span.start : inlined_one.span.end]
    text = f"Inline the function `{call.name}` here: put what it does in place of its calls."
    said = f"This is the function:\n{code}"
    task = _inlining(around.span, f"{text}\n{said}", call.name, said)
    yield Offer(f"Inline “{call.name}” into “{around.name}”", (task,))


def _inlining(span: Span, text: str, name: str, said: str = "") -> Instruction:
    return Instruction(span, text, said, Promise(gone=name))


def _call_at(place: Place) -> Reference | None:
    """Return the call of a function whose name the place touches, or the only one of its name."""
    parsed, at = place.read.parsed, place.span
    for it in place.read.outline.definitions:
        if it.kind in CALLABLES and it.name_span.start <= at.start <= it.name_span.end:
            whole = (each for each in references_in(parsed) if each.name == it.name)
            calls = list(whole)
            return calls[0] if len(calls) == 1 and _is_call(calls[0]) else None
    near = references_in(parsed, Span(max(at.start - 1, 0), at.start + 1))
    touched = (it for it in near if it.span.start <= at.start and at.end <= it.span.end)
    return next(filter(_is_call, touched), None)


def _is_call(reference: Reference) -> bool:
    return reference.kind is ReferenceKind.CALL and reference.receiver in _OWN


def _small_function(place: Place, name: str) -> Definition | None:
    """Return the only function of a name in this file, if it is short and does not call itself."""
    found = [it for it in place.read.outline.definitions if it.name == name]
    if len(found) != 1 or found[0].kind not in CALLABLES:
        return None
    (function,) = found
    n_lines = place.text.value.count("\n", function.span.start, function.span.end) + 1
    names = (it.name for it in identifiers_in(place.read.parsed, function.span))
    is_recursive = sum(it == name for it in names) > 1
    return None if is_recursive or n_lines > _MOST_FUNCTION_LINES else function


ACTION = Action("inline", "refactor.inline", _offers)
