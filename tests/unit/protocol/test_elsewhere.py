"""What an editor hears of completions by services: where to ask again, if it wants to know."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cloister.features.completion.second_opinion import Ready
from cloister.protocol.elsewhere import follow_services
from cloister.protocol.server import GuardedServer
from cloister.protocol.session import Services, Session
from cloister.workspace.documents import DocumentStore
from support.scripted_session import ObedientCompletion

URI = "file:///project/a.py"


@dataclass
class Editor:
    """A session with one document, and what the editor hears."""

    session: Session = field(init=False)
    messages: list[dict[str, Any]] = field(default_factory=list)
    tell_ready: Callable[[Ready], None] = field(init=False)
    tell_note: Callable[[str], None] = field(init=False)

    def __post_init__(self) -> None:
        async def nothing() -> None:
            """Nothing is held."""

        services = Services(
            documents=DocumentStore(),
            completion=ObedientCompletion(),
            accepted=lambda _id: None,
            status=dict,
            configure=lambda _options: (),
            follow_user_file=lambda _on_problems: None,
            listen=lambda _listener: None,
            close=nothing,
            follow_services=self._follow,
        )
        protocol = GuardedServer().protocol
        protocol.set_writer(self)
        self.session = Session(services, protocol, stop=lambda: None)
        self.session.documents.open(URI, "python", 1, "name = '😀' + ")
        follow_services(self.session)

    def write(self, data: bytes) -> None:
        self.messages.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        """Nothing is held."""

    def ready(self) -> Ready:
        document = self.session.documents.get(URI)
        assert document is not None
        return Ready(document, len(document.text), "m at host")

    def _follow(self, on_ready: Callable[[Ready], None], on_note: Callable[[str], None]) -> None:
        self.tell_ready, self.tell_note = on_ready, on_note


@pytest.fixture
def editor() -> Editor:
    return Editor()


def test_an_editor_that_wants_to_know_hears_where(editor: Editor) -> None:
    editor.session.take_initialization_options({"completionNotifications": True})
    editor.tell_ready(editor.ready())
    (message,) = editor.messages
    assert message["method"] == "cloister/completionReady"
    assert message["params"] == {
        "uri": URI,
        "version": 1,
        "position": {"line": 0, "character": 14},
        "source": "m at host",
    }


def test_other_editors_hear_nothing(editor: Editor) -> None:
    editor.session.take_initialization_options({"completionNotifications": "yes"})
    editor.tell_ready(editor.ready())
    assert editor.messages == []


def test_a_document_that_changed_is_not_told_of(editor: Editor) -> None:
    editor.session.take_initialization_options({"completionNotifications": True})
    ready = editor.ready()
    editor.session.documents.edit(URI, 2, lambda text: text)
    editor.tell_ready(ready)
    assert editor.messages == []


def test_a_note_goes_into_the_log(editor: Editor) -> None:
    editor.tell_note("The service does not answer.")
    (message,) = editor.messages
    assert message["method"] == "window/logMessage"
    assert message["params"]["message"] == "The service does not answer."
