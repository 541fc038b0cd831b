"""What we can do, said once at `initialize`; nothing is registered later."""

from lsprotocol import types

from cloister.features.actions import all_actions
from cloister.protocol.acting import ACT_COMMAND
from cloister.protocol.committing import COMMIT_MESSAGE_COMMAND
from cloister.protocol.reviewing import CLEAR_REVIEW_COMMAND
from cloister.protocol.to_lsp import ACCEPTED_COMMAND

STATUS_COMMAND = "cloister.status"
SHOW_CONTEXT_COMMAND = "cloister.showContext"


def negotiate_encoding(client: types.ClientCapabilities) -> types.PositionEncodingKind:
    """Return the first encoding of the client's list that exists, UTF-16 without a list."""
    offered = (client.general and client.general.position_encodings) or ()
    known = [kind for name in offered for kind in types.PositionEncodingKind if kind == name]
    return known[0] if known else types.PositionEncodingKind.Utf16


def server_capabilities(
    client: types.ClientCapabilities, encoding: types.PositionEncodingKind
) -> types.ServerCapabilities:
    """Return the capabilities for this client."""
    return types.ServerCapabilities(
        position_encoding=encoding,
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True, change=types.TextDocumentSyncKind.Incremental, save=True
        ),
        inline_completion_provider=types.InlineCompletionOptions(),
        completion_provider=None if _shows_ghost_text(client) else _menu_options(),
        code_action_provider=types.CodeActionOptions(
            # The outermost kinds: the user's own actions may have any below them.
            code_action_kinds=sorted({it.kind.partition(".")[0] for it in all_actions()}),
            resolve_provider=True,
        ),
        execute_command_provider=types.ExecuteCommandOptions(
            [
                ACCEPTED_COMMAND,
                STATUS_COMMAND,
                SHOW_CONTEXT_COMMAND,
                ACT_COMMAND,
                CLEAR_REVIEW_COMMAND,
                COMMIT_MESSAGE_COMMAND,
            ],
            work_done_progress=True,
        ),
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(
                supported=True, change_notifications=True
            )
        ),
    )


def _shows_ghost_text(client: types.ClientCapabilities) -> bool:
    # Such a client would show every suggestion twice, and have it computed twice.
    return bool(client.text_document and client.text_document.inline_completion)


def _menu_options() -> types.CompletionOptions:
    # Where an expression begins; word characters trigger by themselves.
    return types.CompletionOptions(trigger_characters=[".", "(", "[", "{", "=", ":", ","])
