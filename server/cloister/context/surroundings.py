"""The text that an answer may repeat: the rest of its file, and what of others is most like it.

It is copied from and never read by the model, so it may be long. Other files are looked for beside
the requests, in a worker thread, and again when the window has moved; the text stays the same in
between, so that it need not be sent again. Belongs to one event loop.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cloister.context.excerpts import lines_of
from cloister.context.query import Place, context_query
from cloister.core.generation import TEXT_SEPARATOR, Surroundings
from cloister.core.text import Span, Text, with_plain_newlines
from cloister.workspace.index.read import Index

_MOST_FILE_CHARS = 200_000
_MOST_OTHER_CHARS = 400_000
# As much as fits, at the usual length of a chunk.
_MOST_CHUNKS = 600
_MOST_DOCUMENTS = 16


@dataclass(frozen=True, slots=True)
class _Found:
    """What other files say, and for which window."""

    window_start: int
    others: str


class SurroundingsFinder:
    """Remembers what was found by document."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, _Found] = OrderedDict()
        self._searching: asyncio.Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="surroundings")

    def surroundings(self, uri: str, place: Place, index: Index | None) -> Surroundings:
        """Return what is known now; other files follow once they have been found."""
        found = self._found.get(uri)
        is_idle = self._searching is None or self._searching.done()
        if index and is_idle and (found is None or found.window_start != place.window.start):
            self._searching = asyncio.ensure_future(self._search(uri, place, index))
        return Surroundings(text_outside(place.text, place.window), found.others if found else "")

    async def ready(self) -> None:
        """Wait until the search that runs has ended."""
        if self._searching is not None:
            await self._searching

    def forget(self, uri: str) -> None:
        """Forget what was found for a document."""
        self._found.pop(uri, None)

    def close(self) -> None:
        """Let the worker thread end."""
        if self._searching is not None:
            self._searching.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _search(self, uri: str, place: Place, index: Index) -> None:
        loop = asyncio.get_running_loop()
        others = await loop.run_in_executor(self._thread, related_text, place, index)
        self._found[uri] = _Found(place.window.start, others)
        self._found.move_to_end(uri)
        if len(self._found) > _MOST_DOCUMENTS:
            self._found.popitem(last=False)


def text_outside(text: Text, window: Span) -> str:
    """Return the document without its window, as far from it as may be copied."""
    half = _MOST_FILE_CHARS // 2
    before = text.value[max(0, window.start - half) : window.start]
    after = text.value[window.end : window.end + half]
    return with_plain_newlines(f"{before}{TEXT_SEPARATOR}{after}")


def related_text(place: Place, index: Index) -> str:
    """Return the parts of other files that share most with a place, the most alike first."""
    terms = context_query(place).terms
    texts: list[str] = []
    room = _MOST_OTHER_CHARS
    for hit in index.similar(terms, _MOST_CHUNKS, {place.path}):
        lines = lines_of(index.text_of(hit.path) or "")
        text = "\n".join(lines[hit.first_line : hit.last_line + 1])
        room -= len(text)
        if room < 0:
            break
        texts.append(text)
    return with_plain_newlines(TEXT_SEPARATOR.join(texts))
