"""`textDocument/completion`: the same suggestions in the menu, for editors without ghost text."""

from lsprotocol import types

from cloister.core.request import Trigger
from cloister.protocol import to_lsp
from cloister.protocol.session import Session


async def handle(session: Session, params: types.CompletionParams) -> types.CompletionList:
    """Return the suggestions as menu entries; the list is never complete, typing asks again."""
    offer = await session.suggest(params.text_document.uri, params.position, _trigger(params))
    if offer is None:
        return types.CompletionList(is_incomplete=True, items=[])
    return types.CompletionList(
        is_incomplete=True,
        items=[
            to_lsp.menu_item(offer.document, suggestion, session.encoding)
            for suggestion in offer.suggestions
        ],
    )


def _trigger(params: types.CompletionParams) -> Trigger:
    # The protocol says "invoked" for typed word characters too; only a trigger character is sure
    # to be automatic.
    kind = params.context.trigger_kind if params.context else types.CompletionTriggerKind.Invoked
    return Trigger.INVOKED if kind is types.CompletionTriggerKind.Invoked else Trigger.AUTOMATIC
