"""What services did by themselves: where to look again, who wrote it, and quietly why not."""

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.features.completion.second_opinion import Ready
from cloister.protocol import to_lsp
from cloister.protocol.extensions import COMPLETION_READY

if TYPE_CHECKING:
    from cloister.protocol.session import Session


def follow_services(session: "Session") -> None:
    """Tell the editor from now on what services answer."""
    session.services.follow_services(partial(_tell_ready, session), partial(_note, session))


def tell_author(session: "Session", sentence: str) -> None:
    """Tell the person that a service wrote what they asked the model here for."""
    params = types.ShowMessageParams(types.MessageType.Info, sentence)
    session.client.notify(types.WINDOW_SHOW_MESSAGE, params)


def _tell_ready(session: "Session", ready: Ready) -> None:
    document = ready.document
    if not session.hears_of_completions or session.documents.get(document.uri) is not document:
        return
    position = to_lsp.position(document.text, ready.offset, session.encoding)
    session.client.notify(
        COMPLETION_READY,
        {
            "uri": document.uri,
            "version": document.version,
            "position": {"line": position.line, "character": position.character},
            "source": ready.source,
        },
    )


def _note(session: "Session", sentence: str) -> None:
    # In the editor's log of the server: whoever types is not disturbed.
    params = types.LogMessageParams(types.MessageType.Warning, sentence)
    session.client.notify(types.WINDOW_LOG_MESSAGE, params)
