"""Code actions between the protocol and the feature: which place is meant, and what comes back.

The menu carries no edits. An entry names its document's version; when that is no longer the open
one, resolving it is refused, because an edit for another text would damage this one.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.features.editing.act import DEADLINE_MS
from cloister.features.editing.place import Problem
from cloister.features.editing.possibility import Possibility, Selection, Wish
from cloister.features.editing.task import (
    Creation,
    Findings,
    Inquiry,
    Naming,
    NewFile,
    NewName,
    PartialEdits,
    Prose,
    Result,
    Review,
    Series,
)
from cloister.features.escalation.approval import Approver
from cloister.protocol import from_lsp
from cloister.protocol.approving import approve
from cloister.protocol.changing import creates_files, creating_edit, workspace_edit
from cloister.protocol.diagnosed import known_diagnostics, touching
from cloister.protocol.elsewhere import tell_author
from cloister.protocol.entries import Entry, asked_kinds, message_of
from cloister.protocol.instructing import instruction
from cloister.protocol.previewing import watched
from cloister.protocol.progress import Token
from cloister.protocol.renaming import renamed
from cloister.protocol.reviewing import clear_entries, show_findings, shows_diagnostics
from cloister.protocol.showing import show_prose, shows_documents

if TYPE_CHECKING:
    from cloister.protocol.session import Session

ACT_COMMAND = "cloister.act"

_CHANGED = "The document has changed since, so nothing was done; ask again."


async def menu(
    session: "Session", uri: str, place: types.Range, context: types.CodeActionContext
) -> list[types.CodeAction]:
    """Return what can be done at a place; empty for a document that is not open."""
    document = session.documents.get(uri)
    feature = session.services.actions
    if document is None or feature is None:
        return []
    known = known_diagnostics(session, document, place, context.diagnostics)
    selection = _selection(session, document, place, known)
    only = asked_kinds(context)
    possibilities = await feature.possibilities(selection, only)
    entries = [
        _shown(session, it, _entry(document, it, place, known))
        for it in possibilities
        if _is_of_use(session, it, context)
    ]
    return [*entries, *clear_entries(session, uri, only)]


async def resolved(
    session: "Session", entry: Entry, token: Token | None = None
) -> types.WorkspaceEdit | None:
    """Return the edit of an entry; None when there is none, and the person is told why.

    What is said in prose is shown. An error would be shown by some editors and by others not.
    Progress is shown by the client's `token` if there is one; who cancels there is told nothing.
    """
    feature, said = session.services.actions, ""
    if feature is not None and feature.asks(entry.action):
        said = await instruction(session, entry.title)
        if not said:
            return None
    cancel = CancelToken.after_ms(DEADLINE_MS)
    try:
        return await _resolved(session, entry, said, token, cancel)
    except StoppedError:
        if not cancel.cancelled:
            _tell(session, "The model took too long; select less and try again.")
    except CloisterError as error:
        _tell(session, str(error))
    return None


async def _resolved(
    session: "Session", entry: Entry, said: str, token: Token | None, cancel: CancelToken
) -> types.WorkspaceEdit | None:
    document, feature = _current(session, entry), session.services.actions
    if feature is None:
        raise CloisterError("This server has no code actions.")
    selection = _selection(session, document, entry.range, entry.diagnostics)
    try:
        with watched(session, entry, cancel, token) as watch:
            renames = session.client.renames
            wish = Wish(entry.action, entry.title, entry.service, renames=renames, instruction=said)
            approver = Approver(partial(approve, session), tell=partial(tell_author, session))
            result = await feature.result(selection, wish, approver, cancel, watch)
    except asyncio.CancelledError:
        cancel.cancel()
        raise
    return await _shown_or_edit(session, entry, document, result)


async def _shown_or_edit(
    session: "Session", entry: Entry, document: DocumentSnapshot, result: Result
) -> types.WorkspaceEdit | None:
    """Show what is no edit, and return the others as the client can apply them."""
    if isinstance(result, Prose):
        show_prose(session, entry.action, result)
        return None
    if isinstance(result, Findings):
        if not show_findings(session, document, result):
            raise CloisterError(_CHANGED)
        return None
    if _current(session, entry) is not document:
        raise CloisterError(_CHANGED)
    if isinstance(result, NewFile):
        return creating_edit(session, result)
    if isinstance(result, NewName):
        result = await renamed(session, document, result)
        if not result:
            return None
        _current(session, entry)
    if isinstance(result, PartialEdits):
        _tell(session, result.report)
        result = result.edits
    return workspace_edit(session, document, result)


async def act(session: "Session", entry: Entry, token: Token | None = None) -> None:
    """Do what an entry says: for what is no edit, and for clients that cannot resolve entries."""
    edit = await resolved(session, entry, token)
    if edit is None:
        return
    parameters = types.ApplyWorkspaceEditParams(edit, label=entry.title)
    session.client.request(types.WORKSPACE_APPLY_EDIT, parameters)


def resolves_edits(client: types.ClientCapabilities) -> bool:
    """Return whether the client asks for the edit of an entry when it is chosen."""
    action = client.text_document.code_action if client.text_document else None
    support = action.resolve_support if action and action.data_support else None
    return bool(support and "edit" in support.properties)


def _entry(
    document: DocumentSnapshot,
    possibility: Possibility,
    place: types.Range,
    known: tuple[types.Diagnostic, ...],
) -> Entry:
    action = possibility.action
    about: tuple[types.Diagnostic, ...] = ()
    if isinstance(possibility.task, Series):
        about = known
    elif action.kind == types.CodeActionKind.QuickFix.value:
        about = touching(known, place)
    service = "" if possibility.service is None else possibility.service.name
    return Entry(
        document.uri,
        document.version,
        action.name,
        possibility.title,
        service,
        place,
        tuple(about),
    )


def _shown(session: "Session", possibility: Possibility, entry: Entry) -> types.CodeAction:
    disabled = types.CodeActionDisabled(possibility.disabled) if possibility.disabled else None
    shown = types.CodeAction(
        title=possibility.title,
        kind=possibility.action.kind,
        is_preferred=(possibility.offer.is_preferred and possibility.service is None) or None,
        disabled=disabled,
    )
    if disabled is not None:
        return shown
    is_renamed = isinstance(possibility.task, Naming) and session.client.renames
    # Some editors resolve an entry to show what it would do, and nobody may be asked for that.
    is_asked = is_renamed or possibility.action.asks
    is_edit = not (is_asked or isinstance(possibility.task, Inquiry | Review))
    if resolves_edits(session.client.capabilities) and is_edit:
        shown.data = entry.as_json()
    else:
        shown.command = types.Command(entry.title, ACT_COMMAND, arguments=[entry.as_json()])
    return shown


def _is_of_use(
    session: "Session", possibility: Possibility, context: types.CodeActionContext
) -> bool:
    """Return whether the client can do something with an entry."""
    client = session.client.capabilities
    if possibility.action.asks and not session.client.takes_instructions:
        return False
    match possibility.task:
        case None:
            return _shows_disabled(session, context)
        case Creation():
            return creates_files(client)
        case Inquiry():
            return shows_documents(client)
        case Review():
            return shows_diagnostics(client) or shows_documents(client)
        case _:
            return True


def _shows_disabled(session: "Session", context: types.CodeActionContext) -> bool:
    action = session.client.capabilities.text_document
    supports = action and action.code_action and action.code_action.disabled_support
    return bool(supports) and context.trigger_kind is not types.CodeActionTriggerKind.Automatic


def _selection(
    session: "Session",
    document: DocumentSnapshot,
    place: types.Range,
    diagnostics: Sequence[types.Diagnostic],
) -> Selection:
    text, encoding = document.text, session.encoding
    problems = tuple(
        Problem(from_lsp.span(text, it.range, encoding), message_of(it), it.source or "")
        for it in diagnostics
    )
    root = session.folders.root_of(document.path)
    return Selection(document, from_lsp.span(text, place, encoding), problems, root)


def _current(session: "Session", entry: Entry) -> DocumentSnapshot:
    document = session.documents.get(entry.uri)
    if document is None or document.version != entry.version:
        raise CloisterError(_CHANGED)
    return document


def _tell(session: "Session", message: str) -> None:
    """Tell the person, however often: each time something was asked for and did not happen."""
    params = types.ShowMessageParams(types.MessageType.Warning, message)
    session.client.notify(types.WINDOW_SHOW_MESSAGE, params)
