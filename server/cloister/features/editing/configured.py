"""The user's own code actions: each an instruction about the code at the cursor.

What they ask for is the user's wish, so that of the promises only the syntax and the range hold.
One with the name of a built-in action stands in its place.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from cloister.core.outline import SymbolKind
from cloister.core.text import Span
from cloister.features.actions import all_actions
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Instruction, Offer
from cloister.settings.actions import ActionSettings, AppliesTo
from cloister.syntax.languages import Language

_ANYTHING = Promise(signature=False, comments=False, definitions=False)


def actions_with(own: Iterable[ActionSettings]) -> tuple[Action, ...]:
    """Return every action by name, the user's own among them."""
    built_in = {it.name: it for it in all_actions()}
    configured = {
        it.name: Action(it.name, it.kind, partial(_offers, it), model=it.model) for it in own
    }
    actions = built_in | configured
    return tuple(actions[name] for name in sorted(actions))


def _offers(settings: ActionSettings, place: Place) -> Iterator[Offer]:
    span = _span(settings.applies_to, place)
    if span is not None and _is_for(settings.languages, place.read.language):
        yield Offer(settings.title, (Instruction(span, settings.instruction, promise=_ANYTHING),))


def _is_for(names: tuple[str, ...], language: Language) -> bool:
    return not names or not {language.name, *language.language_ids}.isdisjoint(names)


def _span(applies_to: AppliesTo | None, place: Place) -> Span | None:
    selection = place.span if place.selected.strip() else None
    function = place.function.span if place.function else None
    match applies_to:
        case AppliesTo.SELECTION:
            return selection
        case AppliesTo.FUNCTION:
            return function
        case AppliesTo.CLASS:
            around = place.innermost(frozenset({SymbolKind.CLASS}))
            return around.span if around else None
        case None:
            return selection or function
