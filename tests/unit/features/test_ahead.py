"""What is read before anybody asks, in which order, and what ends it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.document import DocumentSnapshot
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.suggestion import Suggestion
from cloister.core.text import Span, Text
from cloister.features.completion.ahead import Counts, ReadingAhead

N_TOKENS = 7


def document(name: str, text: str = "first\nsecond\n") -> DocumentSnapshot:
    return DocumentSnapshot(f"file:///{name}", Path("/", name), "python", 1, Text(text))


def request(name: str, offset: int = 6, text: str = "first\nsecond\n") -> CompletionRequest:
    return CompletionRequest(document(name, text), offset, Trigger.AUTOMATIC)


class Reader:
    """Notes what it reads: the text up to the place, behind the document's name."""

    def __init__(self, during: Callable[[], object] = lambda: None) -> None:
        self.read: list[str] = []
        self.ahead = ReadingAhead(self._read)
        self._during = during

    async def _read(self, asked: CompletionRequest, cancel: CancelToken) -> int:
        assert asked.trigger is Trigger.INVOKED
        self.read.append(f"{asked.document.uri[8:]} {asked.document.text.value[: asked.offset]}")
        await asyncio.sleep(0)
        self._during()
        return 0 if cancel.cancelled else N_TOKENS


async def test_behind_an_accepted_suggestion() -> None:
    reader = Reader()
    asked = request("a.py")
    reader.ahead.asked(asked)
    reader.ahead.offered(asked, Suggestion("7", "third", Span(6, 9)))
    reader.ahead.accepted("8")
    reader.ahead.accepted("7")
    reader.ahead.accepted("7")
    await reader.ahead.ended()
    assert reader.read == ["a.py first\nthird"]
    assert reader.ahead.counts == Counts(finished=1, evaluated_tokens=N_TOKENS)


async def test_the_last_place_of_a_document_that_somebody_turns_to() -> None:
    reader = Reader()
    reader.ahead.asked(request("a.py"))
    reader.ahead.viewed(document("a.py"))
    reader.ahead.asked(request("b.py", 5))
    reader.ahead.viewed(document("never.py"))
    reader.ahead.viewed(document("a.py", "1st\n"))
    reader.ahead.viewed(document("a.py", "1st\n"))
    await reader.ahead.ended()
    assert reader.read == ["a.py 1st\n"]


async def test_a_document_that_was_closed_and_opened_again() -> None:
    reader = Reader()
    reader.ahead.asked(request("a.py"))
    reader.ahead.forget(document("a.py").uri)
    reader.ahead.viewed(document("a.py", "other text"))
    await reader.ahead.ended()
    assert reader.read == ["a.py other "]


async def test_another_model_reads_the_documents_at_hand() -> None:
    reader = Reader()
    for name in ("a.py", "b.py", "c.py", "d.py", "e.py", "b.py"):
        reader.ahead.asked(request(name))
    reader.ahead.forget(document("d.py").uri)
    reader.ahead.begin_again()
    await reader.ahead.ended()
    assert [text.split()[0] for text in reader.read] == ["b.py", "e.py", "c.py"]
    assert reader.ahead.counts == Counts(finished=3, evaluated_tokens=3 * N_TOKENS)


async def test_a_request_drops_what_is_being_read() -> None:
    reader = Reader(lambda: reader.ahead.asked(request("c.py")))
    reader.ahead.asked(request("a.py"))
    reader.ahead.asked(request("b.py"))
    reader.ahead.begin_again()
    await reader.ahead.ended()
    assert [text.split()[0] for text in reader.read] == ["b.py"]
    assert reader.ahead.counts == Counts(dropped=1)


async def test_what_fails_is_nobodys_problem() -> None:
    def stop() -> None:
        raise StoppedError

    def fail() -> None:
        raise RuntimeError("secret")

    for during in (stop, fail):
        reader = Reader(during)
        reader.ahead.asked(request("a.py"))
        reader.ahead.begin_again()
        await reader.ahead.ended()
        assert reader.ahead.counts.evaluated_tokens == 0
