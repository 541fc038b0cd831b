"""Remarks of a review: they stand at lines that say what was reviewed, and go with them."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from cloister.core.text import Span
from cloister.features.editing.task import Finding, Findings, Severity
from cloister.protocol.reviewing import clear_entries, diagnostics_of, show_findings
from cloister.protocol.routes import ROUTES
from cloister.protocol.server import GuardedServer
from cloister.protocol.session import Services, Session
from cloister.workspace.documents import DocumentStore
from support.scripted_session import ObedientCompletion

URI = "file:///a.py"
SOURCE = "a = 1\n  é😀 = a\nc = a\nd = a\n"
LINES = SOURCE.splitlines()


@dataclass
class Pipe:
    """Stands where the pipe to the editor is; keeps what is published."""

    published: list[dict[str, Any]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if message["method"] == "textDocument/publishDiagnostics":
            self.published.append(message["params"])
        else:
            self.others.append(message["params"]["message"])

    def close(self) -> None:
        """Nothing is held."""


def opened(source: str = SOURCE) -> tuple[Session, Pipe]:
    """Return a session with an open document, and what its editor gets."""

    async def close() -> None:
        """Nothing is held."""

    services = Services(
        documents=DocumentStore(),
        completion=ObedientCompletion(),
        accepted=lambda _id: None,
        status=dict,
        configure=lambda _options: (),
        follow_user_file=lambda _on_problems: None,
        listen=lambda _listener: None,
        close=close,
    )
    protocol, pipe = GuardedServer().protocol, Pipe()
    protocol.set_writer(pipe)
    session = Session(services, protocol, stop=lambda: None)
    session.client.capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities()
        )
    )
    session.documents.open(URI, "python", 1, source)
    return session, pipe


def review(session: Session, *lines: int, message: str = "bad", whole: bool = True) -> bool:
    """Show a finding at each of some lines of the document as it is now."""
    document = session.documents.get(URI)
    assert document is not None
    text = document.text
    spans = [Span(text.line_start(it), text.line_end(it)) for it in lines]
    found = tuple(Finding(it, Severity.WARNING, message) for it in spans)
    around = Span(0, len(text)) if whole or not spans else Span(spans[0].start, spans[-1].end)
    return show_findings(session, document, Findings(around, found))


def change(session: Session, version: int, *changes: tuple[tuple[int, int, int, int], str]) -> None:
    """Edit the document as an editor does: the range from line and column on, and its text."""
    edits = [
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(*place[:2]), types.Position(*place[2:])), text
        )
        for place, text in changes
    ]
    document = types.VersionedTextDocumentIdentifier(version, URI)
    ROUTES["textDocument/didChange"](session, types.DidChangeTextDocumentParams(document, edits))


def lines_of(published: dict[str, Any]) -> list[int]:
    return [it["range"]["start"]["line"] for it in published["diagnostics"]]


def test_a_remark_is_about_the_text_of_its_line() -> None:
    session, pipe = opened()
    assert review(session, 1)
    assert pipe.published == [
        {
            "uri": URI,
            "version": 1,
            "diagnostics": [
                {
                    "range": {
                        "start": {"line": 1, "character": 2},
                        "end": {"line": 1, "character": 9},
                    },
                    "message": "bad",
                    "severity": 2,
                    "source": "cloister",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ([((1, 0, 1, 1), "x")], [0, 3]),
        ([((1, 3, 1, 3), "\n")], [0, 4]),
        ([((0, 5, 0, 5), "\nnew")], [0, 2, 4]),
        ([((0, 0, 0, 0), "new\n")], [1, 2, 4]),
        ([((1, 0, 2, 0), "")], [0, 2]),
        ([((0, 0, 4, 0), "")], []),
        ([((2, 0, 2, 1), "see"), ((0, 0, 0, 0), "\n\n")], [2, 3, 5]),
        ([((4, 0, 4, 0), "e = a\n")], [0, 1, 3]),
        ([((0, 0, 0, 5), "x"), ((0, 0, 0, 1), "a = 1")], [0, 1, 3]),
    ],
)
def test_remarks_move_with_their_lines(
    changes: list[tuple[tuple[int, int, int, int], str]], left: list[int]
) -> None:
    session, pipe = opened()
    review(session, 0, 1, 3)
    change(session, 2, *changes)
    assert lines_of(pipe.published[-1]) == left


def test_a_whole_new_text_keeps_what_it_still_says() -> None:
    session, pipe = opened()
    review(session, 0, 2)
    whole = [types.TextDocumentContentChangeWholeDocument(f"{SOURCE}e = a\n".replace("a = 1", "b"))]
    document = types.VersionedTextDocumentIdentifier(2, URI)
    ROUTES["textDocument/didChange"](session, types.DidChangeTextDocumentParams(document, whole))
    assert lines_of(pipe.published[-1]) == [2]


def test_what_is_typed_elsewhere_is_not_worth_a_message() -> None:
    session, pipe = opened()
    review(session, 0)
    change(session, 2, ((3, 5, 3, 5), " + 1"))
    assert len(pipe.published) == 1


def test_reviewing_again_replaces_what_was_said_of_those_lines() -> None:
    session, pipe = opened()
    review(session, 0, 2)
    review(session, 2, message="worse", whole=False)
    said = [
        (it["range"]["start"]["line"], it["message"]) for it in pipe.published[-1]["diagnostics"]
    ]
    assert said == [(0, "bad"), (2, "worse")]
    review(session)
    assert pipe.published[-1]["diagnostics"] == []
    assert pipe.others == ["The model found nothing."]


def test_what_was_edited_while_the_model_thought_is_left_out() -> None:
    session, pipe = opened()
    document = session.documents.get(URI)
    assert document is not None
    spans = [Span(document.text.line_start(it), document.text.line_end(it)) for it in (1, 3)]
    found = tuple(Finding(it, Severity.INFORMATION, "bad") for it in spans)
    change(session, 2, ((1, 2, 1, 3), "x\n"))
    assert show_findings(session, document, Findings(Span(0, len(SOURCE)), found))
    assert (lines_of(pipe.published[-1]), pipe.published[-1]["version"]) == ([4], 2)
    assert not show_findings(session, document, Findings(Span(0, len(SOURCE)), found[:1]))


def test_remarks_go_with_the_document_or_when_they_are_cleared() -> None:
    session, pipe = opened()
    for method, params in (
        (
            "textDocument/didClose",
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)),
        ),
        ("workspace/executeCommand", types.ExecuteCommandParams("cloister.clearReview", [URI])),
    ):
        session.documents.open(URI, "python", 1, SOURCE)
        review(session, 0)
        handled = ROUTES[method](session, params)
        if handled is not None:
            with pytest.raises(StopIteration):
                handled.send(None)
        assert pipe.published[-1] == {"uri": URI, "diagnostics": []}


def test_an_edit_that_cannot_be_trusted_takes_them_away() -> None:
    session, pipe = opened()
    review(session, 0)
    change(session, 1, ((3, 5, 3, 5), " + 1"))
    assert pipe.published[-1]["diagnostics"] == []


@pytest.mark.parametrize(
    ("kinds", "n"),
    [(None, 1), (["explain"], 1), (["explain.review"], 1), (["quickfix"], 0), ([], 0)],
)
def test_clearing_is_offered_while_there_are_any(kinds: list[str] | None, n: int) -> None:
    session, _ = opened()
    assert not clear_entries(session, URI, kinds)
    review(session, 0)
    assert len(clear_entries(session, URI, kinds)) == n


TEXTS = st.text(alphabet="a \n\ré😀", max_size=6)
PLACES = st.tuples(*[st.integers(0, 7)] * 4)
CHANGES = st.lists(st.lists(st.tuples(PLACES, TEXTS), min_size=1, max_size=3), max_size=5)


@given(source=TEXTS.map(lambda text: text * 3), changes=CHANGES, data=st.data())
def test_whatever_is_edited_a_remark_stands_at_what_was_reviewed(
    source: str, changes: list[Any], data: st.DataObject
) -> None:
    session, pipe = opened(source)
    document = session.documents.get(URI)
    assert document is not None
    lines = data.draw(st.sets(st.integers(0, document.text.line_count - 1), min_size=1))
    for line in lines:
        review(session, line, message=str(line), whole=False)
    reviewed = document.text
    for version, edits in enumerate(changes, 2):
        change(session, version, *edits)
        document = session.documents.get(URI)
        assert document is not None
        for it in pipe.published[-1]["diagnostics"]:
            line = it["range"]["start"]["line"]
            assert document.text.line(line) == reviewed.line(int(it["message"]))
        said = [it.message for it in diagnostics_of(session, document)]
        assert said == [it["message"] for it in pipe.published[-1]["diagnostics"]]
