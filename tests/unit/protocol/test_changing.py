"""What an editor is asked to do: versioned where it can, confirmed where it is much."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lsprotocol import types

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit
from cloister.core.text import Span, Text
from cloister.protocol.changing import MOST_LINES_UNCONFIRMED, workspace_edit

LINE = "x = 1\n"
DOCUMENT = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", 3, Text(LINE * 200))


def made(n_old: int, n_new: int, *, versioned: bool = True, asks: bool = True) -> Any:
    """Return the edit that puts `n_new` lines in place of `n_old`, in two places."""
    support = types.WorkspaceEditClientCapabilities(
        document_changes=versioned,
        change_annotation_support=types.ChangeAnnotationsSupportOptions() if asks else None,
    )
    workspace = types.WorkspaceClientCapabilities(workspace_edit=support)
    client = SimpleNamespace(capabilities=types.ClientCapabilities(workspace=workspace))
    session: Any = SimpleNamespace(client=client, encoding=types.PositionEncodingKind.Utf16)
    start = 100 * len(LINE)
    edits = (
        TextEdit(Span(0, 1), "y"),
        TextEdit(Span(start, start + n_old * len(LINE) - 1), "y = 1\n" * n_new),
    )
    return workspace_edit(session, DOCUMENT, edits)


MUCH = MOST_LINES_UNCONFIRMED + 1


@pytest.mark.parametrize(("n_old", "n_new"), [(1, 0), (1, MUCH - 3), (MUCH - 2, 3)])
def test_a_small_edit_is_not_confirmed(n_old: int, n_new: int) -> None:
    edit = made(n_old, n_new)
    assert edit.change_annotations is None
    assert {type(it) for it in edit.document_changes[0].edits} == {types.TextEdit}


@pytest.mark.parametrize(("n_old", "n_new"), [(1, MUCH), (MUCH, 0)])
def test_a_large_edit_is_confirmed_as_a_whole(n_old: int, n_new: int) -> None:
    edit = made(n_old, n_new)
    ((name, annotation),) = edit.change_annotations.items()
    assert annotation.needs_confirmation
    assert annotation.label.startswith("Change 5")
    assert {it.annotation_id for it in edit.document_changes[0].edits} == {name}
    assert edit.document_changes[0].text_document.version == 3


def test_who_cannot_ask_is_not_asked_to() -> None:
    assert made(1, MUCH, asks=False).change_annotations is None
    assert list(made(1, MUCH, versioned=False).changes) == [DOCUMENT.uri]
