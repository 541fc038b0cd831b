"""What the editor tells of the person, and what it is told of the index."""

import json
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from cloister.context.workspaces import OpenIndex, Workspaces
from cloister.protocol.extensions import State
from cloister.protocol.routes import ROUTES
from cloister.protocol.server import GuardedServer
from cloister.protocol.session import LoadingEvent, Services, Session
from cloister.workspace.activity import Activity, Diagnostic, View
from cloister.workspace.documents import DocumentStore
from cloister.workspace.index.messages import WorkerReport, WorkerState
from support.indexed import Planted
from support.scripted_session import ObedientCompletion

FILE = "shop/model.py"


@dataclass
class Pipe:
    """Stands where the pipe to the editor is; keeps the messages."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        self.messages.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Window:
    """A session with one workspace, and what its index worker hears and says."""

    root: Path
    session: Session
    workspaces: Workspaces
    pipe: Pipe = field(default_factory=Pipe)
    saved: list[str] = field(default_factory=list)
    listeners: list[Callable[[WorkerReport], None]] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return (self.root / FILE).as_uri()

    @property
    def activity(self) -> Activity:
        workspace = self.workspaces.at(self.root)
        assert workspace is not None
        return workspace.activity

    def tell(self, method: str, params: object) -> None:
        ROUTES[method](self.session, params)

    def report(self, state: WorkerState, done: int = 0, total: int = 0, problem: str = "") -> None:
        for listener in self.listeners:
            listener(WorkerReport(state, done, total, problem=problem))


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[Window]:
    """Return a window whose workspace is open already."""
    planted = Planted(tmp_path)
    saved: list[str] = []
    listeners: list[Callable[[WorkerReport], None]] = []

    async def close() -> None:
        planted.index.close()

    def changed(paths: Collection[str]) -> None:
        saved.extend(paths)

    opened = OpenIndex(planted.index, close, changed, listeners.append)
    workspaces, pipe = Workspaces(lambda _root: opened), Pipe()
    protocol = GuardedServer().protocol
    protocol.set_writer(pipe)
    session = Session(_services(workspaces), protocol, stop=lambda: None)
    session.client.capabilities = types.ClientCapabilities(
        window=types.WindowClientCapabilities(work_done_progress=True)
    )
    window = Window(planted.root, session, workspaces, pipe, saved, listeners)
    window.tell("initialized", None)
    workspaces.at(planted.root)
    yield window
    await workspaces.close()


def _services(workspaces: Workspaces) -> Services:
    async def close() -> None:
        """Nothing is held."""

    return Services(
        documents=DocumentStore(),
        completion=ObedientCompletion(),
        accepted=lambda _id: None,
        status=dict,
        configure=lambda _options: (),
        follow_user_file=lambda _on_problems: None,
        listen=lambda _listener: None,
        close=close,
        workspaces=workspaces,
    )


async def test_what_the_person_does_reaches_the_workspace(window: Window) -> None:
    window.tell("cloister/didView", {"uri": window.uri, "firstLine": 2, "lastLine": 9})
    window.tell("cloister/didCopy", {"text": "double_price"})
    said = {"firstLine": 1, "lastLine": 2, "message": "Item has no price" + "!" * 1000}
    window.tell("cloister/didDiagnose", {"uri": window.uri, "diagnostics": [said, {}, "what"]})
    names = ["Item", 1, "long" * 100]
    window.tell("cloister/didNameTypes", {"uri": window.uri, "names": names})
    activity = window.activity
    assert activity.views == (View(FILE, 2, 9),)
    assert activity.clipboard == "double_price"
    assert activity.diagnostics == {FILE: (Diagnostic(1, 2, str(said["message"])[:500]),)}
    assert activity.type_names == {FILE: ("Item",)}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("cloister/didView", {"uri": "URI", "firstLine": -1, "lastLine": 9}),
        ("cloister/didView", {"uri": "URI", "firstLine": 9, "lastLine": 2}),
        ("cloister/didView", {"uri": "https://example.org/a.py", "firstLine": 1, "lastLine": 2}),
        ("cloister/didView", {"uri": "file:///elsewhere.py", "firstLine": 1, "lastLine": 2}),
        ("cloister/didCopy", {"text": 1}),
        ("cloister/didDiagnose", {"uri": "URI"}),
        ("cloister/didDiagnose", None),
        ("cloister/didNameTypes", {"uri": "URI", "names": "Item"}),
        ("cloister/didNameTypes", {"uri": 1, "names": ["Item"]}),
    ],
)
async def test_what_makes_no_sense_is_ignored(
    window: Window, method: str, params: dict[str, Any] | None
) -> None:
    if params and params.get("uri") == "URI":
        params = params | {"uri": window.uri}
    window.tell(method, params)
    assert window.activity == Activity()


async def test_a_saved_file_is_told_to_the_index(window: Window) -> None:
    for uri in (window.uri, "file:///elsewhere.py", "untitled:Untitled-1"):
        document = types.TextDocumentIdentifier(uri)
        window.tell("textDocument/didSave", types.DidSaveTextDocumentParams(document))
    assert window.saved == [FILE]


async def test_indexing_is_shown_as_progress(window: Window) -> None:
    window.report(WorkerState.INDEXING, 0, 0)
    assert window.pipe.messages == []
    window.report(WorkerState.INDEXING, 10, 100)
    (create,) = window.pipe.messages
    body = {"jsonrpc": "2.0", "id": create["id"], "result": None}
    window.session.protocol.receive(json.dumps(body).encode())
    window.report(WorkerState.INDEXING, 50, 100)
    window.report(WorkerState.READY)
    values = [message["params"]["value"] for message in window.pipe.messages[1:]]
    assert [(value["kind"], value.get("percentage")) for value in values] == [
        ("begin", 10),
        ("report", 50),
        ("end", None),
    ]
    assert values[1]["message"] == "50 of 100 files"
    assert values[0]["title"] == f"Indexing {window.root.name}"


async def test_a_problem_of_the_index_is_shown_once(window: Window) -> None:
    for _ in range(3):
        window.report(WorkerState.READY, problem="The index cannot be written.")
        window.session.client.forget_messages()
    (message,) = window.pipe.messages
    assert message["params"]["message"] == "The index cannot be written."


async def test_the_status_reaches_an_editor_that_asked_for_it(window: Window) -> None:
    window.session.take_initialization_options({"statusNotifications": True})
    window.session.show_loading(LoadingEvent(State.READY, "tiny"))
    (status,) = window.pipe.messages
    assert status["method"] == "cloister/status"
    assert (status["params"]["state"], status["params"]["model"]) == ("ready", "tiny")
