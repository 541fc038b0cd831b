"""Work-done progress while a model loads: the one wait that a person should see."""

import uuid
from concurrent.futures import Future
from typing import Any

from lsprotocol import types

from cloister.protocol.client import Client


class LoadingProgress:
    """At most one progress at a time; the editor is asked for it before it begins."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._token: str | None = None
        self._begun = False
        self._percentage = 0
        self._title = ""

    def show(self, title: str, fraction: float) -> None:
        """Show that loading has come to `fraction` (0 to 1)."""
        percentage = int(min(max(fraction, 0.0), 1.0) * 100)
        changed, self._percentage = percentage != self._percentage, percentage
        self._title = title
        if self._token is None:
            self._create()
        elif self._begun and changed:
            self._send(types.WorkDoneProgressReport(percentage=percentage))

    def end(self) -> None:
        """End the progress, if there is one."""
        if self._begun:
            self._send(types.WorkDoneProgressEnd())
        self._token, self._begun = None, False

    def _create(self) -> None:
        if not self._client.shows_progress:
            return
        token = self._token = str(uuid.uuid4())
        future = self._client.request(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
        )
        future.add_done_callback(lambda answer: self._begin(token, answer))

    def _begin(self, token: str, answer: Future[Any]) -> None:
        # Loading may have ended before the editor answered; a refusal keeps the token, so that
        # the editor is not asked again for the same wait.
        if self._token != token or answer.cancelled() or answer.exception() is not None:
            return
        self._begun = True
        self._send(
            types.WorkDoneProgressBegin(
                title=self._title, cancellable=False, percentage=self._percentage
            )
        )

    def _send(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        if self._token is not None:
            self._client.notify(types.PROGRESS, types.ProgressParams(self._token, value))
