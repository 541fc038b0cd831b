"""Work-done progress for what a person waits for: a model that loads, an index, an action."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types

from cloister.protocol.client import Client

REPORT_EVERY_S = 0.2

Token = int | str


def is_other_step(before: str, after: str) -> bool:
    """Return whether another thing is done now: up to a comma words name it."""
    return before.partition(",")[0] != after.partition(",")[0]


class WorkProgress:
    """At most one progress at a time; the editor is asked for it before it begins.

    With a `token` the editor has asked for it itself. With `on_cancel` a person may end the work.
    """

    def __init__(
        self,
        client: Client,
        on_cancel: Callable[[], object] | None = None,
        token: Token | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._on_cancel = on_cancel
        self._given = token
        self._clock = clock
        self._token: Token | None = None
        self._begun = False
        self._reported = 0.0
        self._percentage: int | None = None
        self._title = ""
        self._message: str | None = None

    def show(self, title: str, fraction: float | None, message: str | None = None) -> None:
        """Show that the work has come to `fraction` (0 to 1), and say more in a few words.

        Not every editor shows numbers, and all show words. Without a fraction nobody knows how
        much there is, and words that only go on with the same step may be passed over.
        """
        percentage = None if fraction is None else int(min(max(fraction, 0.0), 1.0) * 100)
        is_news = self._is_news(percentage, message)
        self._title, self._percentage, self._message = title, percentage, message
        if self._token is None:
            self._open()
        elif self._begun and is_news:
            self._send(types.WorkDoneProgressReport(message=message, percentage=percentage))

    def end(self) -> None:
        """End the progress, if there is one."""
        if self._begun:
            self._send(types.WorkDoneProgressEnd())
        if self._token is not None:
            self._client.cancels.pop(self._token, None)
        self._token, self._begun = None, False

    def _is_news(self, percentage: int | None, message: str | None) -> bool:
        if percentage is not None:
            return percentage != self._percentage
        is_other = is_other_step(self._message or "", message or "")
        return is_other or self._clock() - self._reported >= REPORT_EVERY_S

    def _open(self) -> None:
        if self._given is not None:
            self._take(self._given)
            self._begin()
        elif self._client.shows_progress:
            token = str(uuid.uuid4())
            self._take(token)
            future = self._client.request(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
            )
            future.add_done_callback(lambda answer: self._begin_if_wanted(token, answer))

    def _take(self, token: Token) -> None:
        self._token = token
        if self._on_cancel is not None:
            self._client.cancels[token] = self._on_cancel

    def _begin_if_wanted(self, token: Token, answer: Future[Any]) -> None:
        # The work may have ended before the editor answered; a refusal keeps the token, so that
        # the editor is not asked again for the same wait.
        if self._token == token and not answer.cancelled() and answer.exception() is None:
            self._begin()

    def _begin(self) -> None:
        self._begun = True
        self._send(
            types.WorkDoneProgressBegin(
                title=self._title,
                cancellable=self._on_cancel is not None,
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
            self._reported = self._clock()
            self._client.notify(types.PROGRESS, types.ProgressParams(self._token, value))
