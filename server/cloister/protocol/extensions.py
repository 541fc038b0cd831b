"""Our own notifications and two requests (`renaming.py`, `instructing.py`), all of them optional.

`cloister/status {state, model, message, last_outcome}` is what a status item shows. It is sent
after every change when the client's `initializationOptions` hold `"statusNotifications": true`.

`cloister/completionReady {uri, version, position, source}` says that a service, `source`, has
written a better completion for a place than was shown: a client that is still there asks again. It
is sent when the client's `initializationOptions` hold `"completionNotifications": true`.

Editors may tell what the person does, which helps to choose what the model is told. Lines count
from 0, and the last one is included:
`cloister/didView {uri, firstLine, lastLine}`: these lines are on the screen.
`cloister/didCopy {text}`: this was copied.
`cloister/didDiagnose {uri, diagnostics: [{firstLine, lastLine, message}]}`: all that other tools
say about a file now.
`cloister/didNameTypes {uri, names}`: another language server knows that these types matter at the
cursor of a file, such as the type of what stands before the dot; the likeliest first.
"""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from cloister.core.outcome import Outcome, OutcomeKind
from cloister.protocol.client import Client

PREFIX = "cloister/"
STATUS = f"{PREFIX}status"
COMPLETION_READY = f"{PREFIX}completionReady"
DID_VIEW = f"{PREFIX}didView"
DID_COPY = f"{PREFIX}didCopy"
DID_DIAGNOSE = f"{PREFIX}didDiagnose"
DID_NAME_TYPES = f"{PREFIX}didNameTypes"
RENAME = f"{PREFIX}rename"
INSTRUCT = f"{PREFIX}instruct"


class State(StrEnum):
    """What the server is doing."""

    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    BUSY = "busy"
    OFF = "off"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Status:
    """`message` is a sentence for people, `last_outcome` says how the last request ended."""

    state: State = State.STARTING
    model: str = ""
    message: str = ""
    last_outcome: str = ""


_WORKING = (OutcomeKind.SHOWN, OutcomeKind.EMPTY, OutcomeKind.DROPPED)


class StatusNotifier:
    """Tells the editor about every change of the status."""

    def __init__(self, client: Client) -> None:
        self.enabled = False
        self._client = client
        self._status = Status()
        self._sent: Status | None = None
        self._n_running = 0

    def change(self, state: State, model: str, message: str) -> None:
        """Take over what the backend says about itself."""
        self._status = replace(self._status, state=state, model=model, message=message)
        self._publish()

    def begin_request(self) -> None:
        """Count a request that is being worked on."""
        self._n_running += 1
        self._publish()

    def end_request(self, outcome: Outcome) -> None:
        """Count it off, with how it ended."""
        self._n_running -= 1
        described = f"{outcome.kind}: {outcome.reason}" if outcome.reason else str(outcome.kind)
        self._status = replace(self._status, last_outcome=described)
        if self._status.state is State.ERROR and outcome.kind in _WORKING:
            self._status = replace(self._status, state=State.READY, message="")
        self._publish()

    def _publish(self) -> None:
        status = self._status
        if self._n_running and status.state is State.READY:
            status = replace(status, state=State.BUSY)
        if self.enabled and status != self._sent:
            self._sent = status
            self._client.notify(STATUS, asdict(status))
