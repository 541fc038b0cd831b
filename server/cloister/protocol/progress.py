"""Work-done progress for what a person waits for: a model that loads, an index that is built."""

import uuid
from concurrent.futures import Future
from typing import Any

from lsprotocol import types

from cloister.protocol.client import Client


class WorkProgress:
    """At most one progress at a time; the editor is asked for it before it begins."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._token: str | None = None
        self._begun = False
        self._percentage = 0
        self._title = ""
        self._message: str | None = None

    def show(self, title: str, fraction: float, message: str | None = None) -> None:
        """Show that the work has come to `fraction` (0 to 1), and say more in a few words.

        Not every editor shows numbers, and all show words.
        """
        percentage = int(min(max(fraction, 0.0), 1.0) * 100)
        changed, self._percentage = percentage != self._percentage, percentage
        self._title, self._message = title, message
        if self._token is None:
            self._create()
        elif self._begun and changed:
            self._send(types.WorkDoneProgressReport(message=message, percentage=percentage))

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
        # The work may have ended before the editor answered; a refusal keeps the token, so that
        # the editor is not asked again for the same wait.
        if self._token != token or answer.cancelled() or answer.exception() is not None:
            return
        self._begun = True
        self._send(
            types.WorkDoneProgressBegin(
                title=self._title,
                cancellable=False,
                message=self._message,
                percentage=self._percentage,
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
