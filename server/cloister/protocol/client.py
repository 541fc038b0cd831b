"""What we say to the editor unasked; a person is never told the same thing again and again."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from lsprotocol import types

QUIET_S = 600.0
MAX_MESSAGES = 5


class Sender(Protocol):
    """The part of a JSON-RPC endpoint that sends."""

    def notify(self, method: str, params: Any | None = None) -> None:
        """Send a notification."""

    def send_request(self, method: str, params: Any | None = None) -> Future[Any]:
        """Send a request; the future is resolved on the event loop."""


class Client:
    """The editor, as someone to talk to; `capabilities` are known after `initialize`.

    `cancels` end what a person waits for, by the token of its progress.
    """

    def __init__(self, sender: Sender, clock: Callable[[], float] = time.monotonic) -> None:
        self.capabilities = types.ClientCapabilities()
        self.shows_previews = False
        self.renames = False
        self.takes_instructions = False
        self.cancels: dict[int | str, Callable[[], object]] = {}
        self._sender = sender
        self._clock = clock
        self._shown: deque[tuple[float, str]] = deque()

    @property
    def shows_progress(self) -> bool:
        """Whether the editor shows progress that the server begins."""
        window = self.capabilities.window
        return bool(window and window.work_done_progress)

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._sender.notify(method, params)

    def request(self, method: str, params: Any) -> Future[Any]:
        """Send a request; the future is resolved on the event loop."""
        return self._sender.send_request(method, params)

    def forget_messages(self) -> None:
        """Show again what was shown: the person changed something and waits for the effect."""
        self._shown.clear()

    def show_message(self, message: str, kind: types.MessageType) -> None:
        """Show `message` to the person, but not again and not too many within QUIET_S."""
        now = self._clock()
        while self._shown and self._shown[0][0] <= now - QUIET_S:
            self._shown.popleft()
        if len(self._shown) >= MAX_MESSAGES or any(shown == message for _, shown in self._shown):
            return
        self._shown.append((now, message))
        self.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(kind, message))
