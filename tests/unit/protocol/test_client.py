"""What the editor is told unasked: messages, progress and status."""

from concurrent.futures import Future
from typing import Any

import pytest
from lsprotocol import types

from cloister.core.outcome import Outcome, OutcomeKind
from cloister.protocol.client import MAX_MESSAGES, QUIET_S, Client
from cloister.protocol.extensions import State, StatusNotifier
from cloister.protocol.progress import WorkProgress


class Recorder:
    """Stands where the pipe to the editor is."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.requests: list[Future[Any]] = []

    def notify(self, method: str, params: Any | None = None) -> None:  # noqa: ARG002  # the interface
        self.sent.append(params.value if isinstance(params, types.ProgressParams) else params)

    def send_request(self, method: str, params: Any | None = None) -> Future[Any]:
        self.sent.append(method)
        assert params is not None
        self.requests.append(Future())
        return self.requests[-1]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def progress(recorder: Recorder) -> WorkProgress:
    client = Client(recorder)
    client.capabilities = types.ClientCapabilities(
        window=types.WindowClientCapabilities(work_done_progress=True)
    )
    return WorkProgress(client)


def kinds(recorder: Recorder) -> list[tuple[str, int | None]]:
    return [
        (value.kind, getattr(value, "percentage", None))
        for value in recorder.sent
        if not isinstance(value, str)
    ]


def test_the_same_message_is_not_shown_again_for_a_while(recorder: Recorder) -> None:
    now = 0.0
    client = Client(recorder, clock=lambda: now)
    for now in (0.0, QUIET_S - 1, QUIET_S + 1):  # noqa: B007  # the clock reads it
        client.show_message("Choose a model.", types.MessageType.Error)
    assert len(recorder.sent) == 2


def test_many_different_messages_are_not_shown_at_once(recorder: Recorder) -> None:
    client = Client(recorder, clock=lambda: 0.0)
    for number in range(MAX_MESSAGES * 3):
        client.show_message(f"Problem {number}.", types.MessageType.Warning)
    assert len(recorder.sent) == MAX_MESSAGES


def test_progress_begins_when_the_editor_agrees(recorder: Recorder, progress: WorkProgress) -> None:
    progress.show("Loading tiny", 0.1)
    progress.show("Loading tiny", 0.2)
    assert recorder.sent == [types.WINDOW_WORK_DONE_PROGRESS_CREATE]
    recorder.requests[0].set_result(None)
    progress.show("Loading tiny", 0.2)
    progress.show("Loading tiny", 0.5)
    progress.end()
    assert kinds(recorder) == [("begin", 20), ("report", 50), ("end", None)]


def test_progress_that_ended_before_the_editor_agreed_never_begins(
    recorder: Recorder, progress: WorkProgress
) -> None:
    progress.show("Loading tiny", 0.1)
    progress.end()
    recorder.requests[0].set_result(None)
    assert kinds(recorder) == []


def test_an_editor_that_refuses_progress_is_not_asked_again_for_the_same_wait(
    recorder: Recorder, progress: WorkProgress
) -> None:
    progress.show("Loading tiny", 0.1)
    recorder.requests[0].set_exception(RuntimeError())
    progress.show("Loading tiny", 0.2)
    progress.end()
    assert recorder.sent == [types.WINDOW_WORK_DONE_PROGRESS_CREATE]
    progress.show("Loading other", 0.1)
    assert recorder.sent == [types.WINDOW_WORK_DONE_PROGRESS_CREATE] * 2


def test_an_editor_without_progress_is_never_asked(recorder: Recorder) -> None:
    progress = WorkProgress(Client(recorder))
    progress.show("Loading tiny", 0.1)
    progress.end()
    assert recorder.sent == []


@pytest.mark.parametrize("fraction", [-1.0, 2.0])
def test_progress_stays_between_nothing_and_everything(
    recorder: Recorder, progress: WorkProgress, fraction: float
) -> None:
    progress.show("Loading tiny", fraction)
    recorder.requests[0].set_result(None)
    assert kinds(recorder)[0][1] in (0, 100)


def test_status_is_told_when_it_changes_and_only_then(recorder: Recorder) -> None:
    status = StatusNotifier(Client(recorder))
    status.enabled = True
    status.change(State.LOADING, "tiny", "")
    status.change(State.LOADING, "tiny", "")
    status.change(State.READY, "tiny", "")
    status.begin_request()
    status.begin_request()
    status.end_request(Outcome(OutcomeKind.CANCELLED))
    status.end_request(Outcome(OutcomeKind.DROPPED, "It repeats the next line."))
    assert [(sent["state"], sent["last_outcome"]) for sent in recorder.sent] == [
        ("loading", ""),
        ("ready", ""),
        ("busy", ""),
        ("busy", "cancelled"),
        ("ready", "dropped: It repeats the next line."),
    ]


def test_status_is_told_only_to_those_who_asked(recorder: Recorder) -> None:
    StatusNotifier(Client(recorder)).change(State.READY, "tiny", "")
    assert recorder.sent == []


def test_after_a_change_of_settings_the_same_mistake_is_said_again(recorder: Recorder) -> None:
    client = Client(recorder, clock=lambda: 0.0)
    client.show_message("The model is broken.", types.MessageType.Error)
    client.show_message("The model is broken.", types.MessageType.Error)
    assert len(recorder.sent) == 1
    client.forget_messages()
    client.show_message("The model is broken.", types.MessageType.Error)
    assert len(recorder.sent) == 2


def test_the_status_recovers_with_the_first_request_that_works(recorder: Recorder) -> None:
    status = StatusNotifier(Client(recorder))
    status.enabled = True
    status.change(State.ERROR, "m", "The model is broken.")
    status.begin_request()
    status.end_request(Outcome(OutcomeKind.FAILED, "The model is broken."))
    assert recorder.sent[-1]["state"] == "error"
    status.begin_request()
    status.end_request(Outcome(OutcomeKind.SHOWN))
    assert (recorder.sent[-1]["state"], recorder.sent[-1]["message"]) == ("ready", "")
