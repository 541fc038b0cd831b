"""`textDocument/inlineCompletion`: ghost text."""

from lsprotocol import types

from cloister.core.request import Trigger
from cloister.protocol import to_lsp
from cloister.protocol.session import Session

_TRIGGERS = {
    types.InlineCompletionTriggerKind.Invoked: Trigger.INVOKED,
    types.InlineCompletionTriggerKind.Automatic: Trigger.AUTOMATIC,
}


async def handle(
    session: Session, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """Return at most a few items; an empty list is the answer to everything that goes wrong."""
    offer = await session.suggest(
        params.text_document.uri, params.position, _TRIGGERS[params.context.trigger_kind]
    )
    if offer is None:
        return types.InlineCompletionList([])
    return types.InlineCompletionList(
        [
            to_lsp.inline_item(offer.document, suggestion, session.encoding)
            for suggestion in offer.suggestions
        ]
    )
