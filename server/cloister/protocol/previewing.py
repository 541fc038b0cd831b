"""What somebody sees of an action while it is done: in a few words, and the text as it is written.

The text goes to editors whose `initializationOptions` hold `"previewNotifications": true`:
`cloister/preview {id, uri, line, title, message, text}`: at this line (from 0) `title` is being
done, `message` says how far it is, and `text` is the end of what is written, empty before that.
It stands in place of what the same `id` showed before; without a message that is over. It is raw
and only to look at: what comes of it is checked later, and no document ever changes by it.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cloister.core.cancel import CancelToken
from cloister.core.invisible import shown
from cloister.features.editing.steps import Step, Watch
from cloister.protocol.client import Client
from cloister.protocol.entries import Entry
from cloister.protocol.extensions import PREFIX
from cloister.protocol.progress import REPORT_EVERY_S, Token, WorkProgress, is_other_step

if TYPE_CHECKING:
    from cloister.protocol.session import Session

PREVIEW = f"{PREFIX}preview"
MOST_CHARS = 4_000


@contextmanager
def watched(
    session: "Session", entry: Entry, cancel: CancelToken, token: Token | None
) -> Iterator[Watch]:
    """Show how an entry is done until the end; a person may cancel it."""
    progress = WorkProgress(session.client, cancel.cancel, token)
    preview = Preview(session.client, entry)

    def watch(step: Step) -> None:
        progress.show(entry.title, None, step.message)
        preview.show(step)

    try:
        yield watch
    finally:
        preview.end()
        progress.end()


class Preview:
    """How one action is done, in an editor that shows that at its place."""

    def __init__(
        self, client: Client, entry: Entry, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._entry = entry
        self._clock = clock
        self._id = str(uuid.uuid4())
        self._last = Step("")
        self._sent = 0.0

    def show(self, step: Step) -> None:
        """Show a step, unless it only goes on with what was shown a moment ago."""
        now = self._clock()
        is_news = is_other_step(self._last.message, step.message)
        if self._client.shows_previews and (is_news or now - self._sent >= REPORT_EVERY_S):
            self._last, self._sent = step, now
            self._send(step)

    def end(self) -> None:
        """Take away what is shown."""
        if self._last.message:
            self._send(Step(""))

    def _send(self, step: Step) -> None:
        entry, text = self._entry, shown(step.written[-MOST_CHARS:])
        place = {"id": self._id, "uri": entry.uri, "line": entry.range.end.line}
        said = {"title": entry.title, "message": step.message, "text": text}
        self._client.notify(PREVIEW, place | said)
