"""What an action changes, in the client's terms; only what the client says that it can do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit
from cloister.features.editing.task import NewFile
from cloister.protocol import to_lsp

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_NEW_FILE = "new-file"
_LARGE_EDIT = "large-edit"
MOST_LINES_UNCONFIRMED = 50
"""An edit that takes away or brings more lines is shown first, where the client can."""


def workspace_edit(
    session: "Session", document: DocumentSnapshot, edits: Sequence[TextEdit]
) -> types.WorkspaceEdit:
    """Return edits of a document, bound to its version where the client can.

    Large ones are to be confirmed, where the client can ask.
    """
    changes: list[types.TextEdit] = [
        types.TextEdit(to_lsp.lsp_range(document.text, it.span, session.encoding), it.text)
        for it in edits
    ]
    support = _support(session.client.capabilities)
    if not (support and support.document_changes):
        return types.WorkspaceEdit(changes={document.uri: changes})
    versioned = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    n_lines = sum(map(_n_lines, changes))
    if n_lines <= MOST_LINES_UNCONFIRMED or not support.change_annotation_support:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(versioned, changes)])
    annotated = [types.AnnotatedTextEdit(_LARGE_EDIT, it.range, it.new_text) for it in changes]
    label = types.ChangeAnnotation(f"Change {n_lines} lines", needs_confirmation=True)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(versioned, annotated)],
        change_annotations={_LARGE_EDIT: label},
    )


def creating_edit(session: "Session", file: NewFile) -> types.WorkspaceEdit:
    """Return the creation of a file, to be confirmed where the client can ask."""
    uri, start = file.path.as_uri(), types.Position(0, 0)
    # Neovim empties a file that came into being meanwhile, unless it is to be ignored.
    creation = types.CreateFile(uri, options=types.CreateFileOptions(ignore_if_exists=True))
    text = types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri, None),
        [types.TextEdit(types.Range(start, start), file.text)],
    )
    edit = types.WorkspaceEdit(document_changes=[creation, text])
    support = _support(session.client.capabilities)
    if support and support.change_annotation_support:
        # The creation alone: Neovim 0.12 creates first and asks about the text then.
        creation.annotation_id = _NEW_FILE
        label = f"Create {file.path.name}"
        edit.change_annotations = {
            _NEW_FILE: types.ChangeAnnotation(label, needs_confirmation=True)
        }
    return edit


def _n_lines(edit: types.TextEdit) -> int:
    """Return how many lines an edit takes away or brings, whichever is more."""
    n_old = edit.range.end.line - edit.range.start.line
    return 1 + max(n_old, edit.new_text.count("\n"))


def creates_files(client: types.ClientCapabilities) -> bool:
    """Return whether the client creates files that an edit names."""
    support = _support(client)
    # Neovim does so without naming `documentChanges`, where alone a creation can stand.
    operations = (support and support.resource_operations) or ()
    return types.ResourceOperationKind.Create in operations


def _support(client: types.ClientCapabilities) -> types.WorkspaceEditClientCapabilities | None:
    return client.workspace.workspace_edit if client.workspace else None
