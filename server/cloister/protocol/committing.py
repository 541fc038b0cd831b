"""The message of the next commit, for an editor that has a box for it and opens no file.

`workspace/executeCommand` with `cloister.commitMessage` and the URI of a folder answers
`{message}`; null when there is none, and then the person was told why.
"""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.edit import edited
from cloister.core.errors import CloisterError
from cloister.core.text import Span
from cloister.features.committing.document import ACTION_NAME, next_message, repository_of
from cloister.features.editing.act import DEADLINE_MS, ActionFeature
from cloister.features.editing.possibility import Selection, Wish
from cloister.features.editing.task import edits_in
from cloister.features.escalation.approval import Approver
from cloister.protocol.approving import approve
from cloister.protocol.elsewhere import tell_author
from cloister.protocol.entries import Entry
from cloister.protocol.previewing import watched
from cloister.protocol.progress import Token
from cloister.workspace.documents import path_from_uri

if TYPE_CHECKING:
    from cloister.protocol.session import Session

COMMIT_MESSAGE_COMMAND = "cloister.commitMessage"
_TITLE = "Write the commit message"
_START = types.Range(types.Position(0, 0), types.Position(0, 0))


async def commit_message(
    session: "Session", folder_uri: str, token: Token | None
) -> dict[str, str] | None:
    """Return the message for the repository around a folder, as the client's box takes it."""
    feature, cancel = session.services.actions, CancelToken.after_ms(DEADLINE_MS)
    if feature is None:
        return None
    try:
        return {"message": await _message(session, feature, folder_uri, cancel, token)}
    except StoppedError:
        reason = "" if cancel.cancelled else "The model took too long; commit less at once."
    except CloisterError as error:
        reason = str(error)
    except asyncio.CancelledError:
        cancel.cancel()
        raise
    if reason:
        params = types.ShowMessageParams(types.MessageType.Warning, reason)
        session.client.notify(types.WINDOW_SHOW_MESSAGE, params)
    return None


async def _message(
    session: "Session",
    feature: ActionFeature,
    folder_uri: str,
    cancel: CancelToken,
    token: Token | None,
) -> str:
    folder = path_from_uri(folder_uri.rstrip("/"))
    if folder is None:
        raise CloisterError("This folder is not on this machine, so its repository is not read.")
    document = await asyncio.to_thread(next_message, folder)
    entry = Entry(document.uri, None, ACTION_NAME, _TITLE, "", _START)
    root = session.folders.root_of(repository_of(document).path)
    approver = Approver(partial(approve, session), tell=partial(tell_author, session))
    with watched(session, entry, cancel, token) as watch:
        selection = Selection(document, Span(0, 0), root=root)
        result = await feature.result(selection, Wish(ACTION_NAME), approver, cancel, watch)
    return edited(document.text.value, edits_in(result)).rstrip()
