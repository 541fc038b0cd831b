"""The progress of an action: words instead of numbers, seldom enough, and a way to end it."""

from concurrent.futures import Future
from typing import Any

import pytest
from lsprotocol import types

from cloister.features.editing.steps import Step
from cloister.protocol.client import Client
from cloister.protocol.entries import Entry
from cloister.protocol.notifications import work_done_progress_cancel
from cloister.protocol.previewing import MOST_CHARS, Preview
from cloister.protocol.progress import REPORT_EVERY_S, WorkProgress

PLACE = types.Range(types.Position(3, 4), types.Position(7, 0))
ENTRY = Entry("file:///a.py", 1, "simplify", "Simplify", "", PLACE)


class Editor:
    """Stands where the pipe to the editor is, and agrees to everything."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.client = Client(self)
        self.client.capabilities = types.ClientCapabilities(
            window=types.WindowClientCapabilities(work_done_progress=True)
        )

    def notify(self, method: str, params: Any | None = None) -> None:  # noqa: ARG002  # the interface
        self.sent.append(params)

    def send_request(self, method: str, params: Any | None = None) -> Future[Any]:  # noqa: ARG002  # the interface
        answer: Future[Any] = Future()
        answer.set_result(None)
        return answer


@pytest.fixture
def editor() -> Editor:
    return Editor()


def messages(editor: Editor) -> list[str | None]:
    return [it.value.message for it in editor.sent]


def test_growth_is_reported_now_and_then_and_another_step_at_once(editor: Editor) -> None:
    times = {"Reading": 0.0, "Writing, 1": 0.0, "Writing, 2": 0.1, "Writing, 3": REPORT_EVERY_S}
    now = 0.0
    progress = WorkProgress(editor.client, None, "t", lambda: now)
    for message, now in (*times.items(), ("Checking", REPORT_EVERY_S)):  # noqa: B007  # the clock's
        progress.show("Simplify", None, message)
    progress.end()
    assert messages(editor) == ["Reading", "Writing, 1", "Writing, 3", "Checking", None]


def test_only_what_can_be_cancelled_says_so(editor: Editor) -> None:
    for on_cancel in (None, editor.sent.clear):
        WorkProgress(editor.client, on_cancel, "t").show("Simplify", None)
    assert [it.value.cancellable for it in editor.sent] == [False, True]


@pytest.mark.parametrize("token", ["t", 7])
def test_a_cancel_ends_the_work_of_its_progress_alone(editor: Editor, token: str | int) -> None:
    ended: list[str] = []
    session: Any = editor
    progress = WorkProgress(editor.client, lambda: ended.append("work"), token)
    progress.show("Simplify", None)
    for other in ("other", 8, token):
        params = types.WorkDoneProgressCancelParams(other)
        work_done_progress_cancel.handle(session, params)
    assert ended == ["work"]
    progress.end()
    work_done_progress_cancel.handle(session, types.WorkDoneProgressCancelParams(token))
    assert (ended, editor.client.cancels) == (["work"], {})


def test_what_is_written_is_shown_now_and_then_and_taken_away(editor: Editor) -> None:
    now = 0.0
    editor.client.shows_previews = True
    preview = Preview(editor.client, ENTRY, lambda: now)
    steps = (
        (0.0, "Reading", ""),
        (0.0, "Writing, 1", "a"),
        (0.1, "Writing, 2", "ab"),
        (0.3, "Writing, 3", "abc"),
        (0.3, "Checking", ""),
    )
    for now, message, text in steps:  # noqa: B007  # the clock reads it
        preview.show(Step(message, text))
    preview.end()
    assert [(it["message"], it["text"]) for it in editor.sent] == [
        ("Reading", ""),
        ("Writing, 1", "a"),
        ("Writing, 3", "abc"),
        ("Checking", ""),
        ("", ""),
    ]
    assert {(it["uri"], it["line"], it["title"]) for it in editor.sent} == {
        (ENTRY.uri, 7, "Simplify")
    }
    assert len({it["id"] for it in editor.sent}) == 1


def test_a_preview_is_bounded_and_plain(editor: Editor) -> None:
    editor.client.shows_previews = True
    Preview(editor.client, ENTRY).show(Step("Writing", "x" * MOST_CHARS + "\x1b[2J\u202e"))
    (shown,) = editor.sent
    assert shown["text"].endswith("x\\x1b[2J\\u202e")
    assert len(shown["text"]) < MOST_CHARS + 20


def test_nothing_done_is_nothing_shown(editor: Editor) -> None:
    editor.client.shows_previews = True
    Preview(editor.client, ENTRY).end()
    editor.client.shows_previews = False
    preview = Preview(editor.client, ENTRY)
    preview.show(Step("Writing", "a"))
    preview.end()
    assert editor.sent == []
