"""Has prompts read that are likely to be asked for next, while nobody waits for anything.

That is the place behind a suggestion that was just accepted, the last place in a document that
somebody turns to, and with another model the last places in the documents at hand. The next request
drops whatever is still being read; what has been read until then stays read.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.document import DocumentSnapshot
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.suggestion import Suggestion
from cloister.core.text import Text

Read = Callable[[CompletionRequest, CancelToken], Awaitable[int]]
"""Has the prompt for a place read; returns how many tokens that took."""

_MOST_DOCUMENTS = 4
_MOST_PLACES = 32

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """Prompts read to the end, those that were dropped, and the tokens of the former."""

    finished: int = 0
    dropped: int = 0
    evaluated_tokens: int = 0


class ReadingAhead:
    """Knows the last place in each document; belongs to one event loop."""

    def __init__(self, read: Read) -> None:
        self.counts = Counts()
        self._read = read
        self._open: OrderedDict[str, CompletionRequest] = OrderedDict()
        self._places: OrderedDict[str, CompletionRequest] = OrderedDict()
        self._offered: dict[str, CompletionRequest] = {}
        self._reading: asyncio.Future[None] | None = None
        self._cancel = CancelToken()

    def asked(self, request: CompletionRequest) -> None:
        """Take note of a request; what is being read is dropped."""
        self.drop()
        uri = request.document.uri
        _put(self._open, uri, request, _MOST_DOCUMENTS)
        # Of documents that may be closed the place is remembered, and not their text.
        place = replace(request, document=replace(request.document, text=Text("")))
        _put(self._places, uri, place, _MOST_PLACES)

    def offered(self, request: CompletionRequest, suggestion: Suggestion) -> None:
        """Take note of what a request was answered with."""
        text, span = request.document.text.value, suggestion.span
        accepted = text[: span.start] + suggestion.text + text[span.end :]
        document = replace(request.document, text=Text(accepted))
        offset = span.start + len(suggestion.text)
        self._offered = {suggestion.id: replace(request, document=document, offset=offset)}

    def accepted(self, suggestion_id: str) -> None:
        """Read on behind an accepted suggestion."""
        if (request := self._offered.pop(suggestion_id, None)) is not None:
            self._begin([request])

    def viewed(self, document: DocumentSnapshot) -> None:
        """Read a document again at its last place, unless it is the one that was asked about."""
        place = self._places.get(document.uri)
        if place is None or document.uri == next(reversed(self._open), None):
            return
        offset = min(place.offset, len(document.text.value))
        request = replace(place, document=document, offset=offset)
        _put(self._open, document.uri, request, _MOST_DOCUMENTS)
        self._begin([request])

    def begin_again(self) -> None:
        """Read the documents at hand, the latest first: another model has read none of them."""
        self._begin(list(reversed(self._open.values())))

    def forget(self, uri: str) -> None:
        """Forget the text of a document."""
        self._open.pop(uri, None)
        self._offered = {
            key: request for key, request in self._offered.items() if request.document.uri != uri
        }

    def drop(self) -> None:
        """Read no further."""
        self._cancel.cancel()

    async def ended(self) -> None:
        """Wait until nothing is being read."""
        if self._reading is not None:
            await self._reading

    def _begin(self, requests: Sequence[CompletionRequest]) -> None:
        self.drop()
        self._cancel = CancelToken()
        self._reading = asyncio.ensure_future(self._read_all(requests, self._cancel))

    async def _read_all(self, requests: Sequence[CompletionRequest], cancel: CancelToken) -> None:
        for request in requests:
            try:
                n_tokens = await self._read(replace(request, trigger=Trigger.INVOKED), cancel)
            except StoppedError:
                n_tokens = 0
            except Exception as error:  # noqa: BLE001  # nobody waits for this
                _LOGGER.warning("reading ahead failed: %s", type(error).__name__)
                return
            if cancel.stopped:
                self.counts.dropped += 1
                return
            self.counts.finished += 1
            self.counts.evaluated_tokens += n_tokens


def _put(
    entries: OrderedDict[str, CompletionRequest], uri: str, request: CompletionRequest, most: int
) -> None:
    entries[uri] = request
    entries.move_to_end(uri)
    if len(entries) > most:
        entries.popitem(last=False)
