"""A language server process with real protocol and documents, and a completion that obeys the text.

Run as a program. What the line before the cursor ends with decides: `hold` waits until it is
cancelled, `stale` too but answers then, `linger` takes its time to be cancelled, `hang` ignores it,
`block` stops the event loop, `crash` raises an error that holds the line, `slow close` makes the
end hang. Everything else is answered at once with the version and length of the document, so that
a test sees which text was read.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.request import CompletionRequest
from cloister.core.suggestion import Suggestion
from cloister.core.text import Span
from cloister.protocol.extensions import State
from cloister.protocol.server import serve
from cloister.protocol.session import LoadingEvent, Services
from cloister.workspace.documents import DocumentStore

DEADLINE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Result:
    suggestions: tuple[Suggestion, ...]
    outcome: Outcome


class ObedientCompletion:
    def __init__(self) -> None:
        self.tokens: dict[str, CancelToken] = {}
        self.n_running = 0
        self.n_most_running = 0
        self.n_cancelled = 0
        self.close_hangs = False

    async def complete(self, request: CompletionRequest, cancel: CancelToken) -> Result:
        self.n_running += 1
        self.n_most_running = max(self.n_most_running, self.n_running)
        try:
            return await self._complete(request, cancel)
        finally:
            self.n_running -= 1

    async def _complete(self, request: CompletionRequest, cancel: CancelToken) -> Result:
        text, offset = request.document.text, request.offset
        line = text.value[text.line_start(text.line_of(offset)) : offset]
        if line.endswith(("hold", "stale")):
            await cancelled(cancel)
        if line.endswith("hold"):
            return Result((), Outcome(OutcomeKind.CANCELLED))
        if line.endswith("linger"):
            await linger(cancel)
        if line.endswith("hang"):
            await forever()
        if line.endswith("block"):
            threading.Event().wait()
        if line.endswith("crash"):
            raise RuntimeError(line)
        self.close_hangs |= line.endswith("slow close")
        await asyncio.sleep(0)
        answer = f"v{request.document.version} n{len(text)} @{offset} {request.trigger}"
        suggestion = Suggestion(f"id-{offset}", answer, Span(offset, offset))
        return Result((suggestion,), Outcome(OutcomeKind.SHOWN))

    def supersede(self, uri: str) -> CancelToken:
        self.forget(uri)
        token = self.tokens[uri] = CancelToken.after_ms(DEADLINE_MS)
        token.on_cancel(self._count_cancelled)
        return token

    def prepare(self) -> None:
        """Be ready at once."""

    def viewed(self, document: DocumentSnapshot) -> None:
        """Nothing is read before it is asked for."""

    def edited(self, uri: str) -> None:
        """Nothing is asked elsewhere."""

    def forget(self, uri: str) -> None:
        if (token := self.tokens.pop(uri, None)) is not None:
            token.cancel()

    def _count_cancelled(self) -> None:
        self.n_cancelled += 1


async def cancelled(token: CancelToken) -> None:
    released = asyncio.Event()
    token.on_cancel(released.set)
    await released.wait()


async def linger(token: CancelToken) -> None:
    try:
        await cancelled(token)
    finally:
        for _ in range(100):
            await asyncio.sleep(0)


async def forever() -> NoReturn:
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


def main() -> int:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    completion, accepted, configured = ObedientCompletion(), list[str](), list[object]()
    listeners: list[Callable[[LoadingEvent], None]] = []

    def listen(listener: Callable[[LoadingEvent], None]) -> None:
        listeners.append(listener)
        for event in (
            LoadingEvent(State.LOADING, "tiny", fraction=0.25),
            LoadingEvent(State.LOADING, "tiny", fraction=0.5),
        ):
            listener(event)

    def configure(options: object) -> Sequence[str]:
        configured.append(options)
        match options:
            case {"state": str(state)}:
                for tell in listeners:
                    tell(LoadingEvent(State(state), "tiny", "Choose another model."))
        return ["Nobody knows this option."] if options == {"wrong": True} else []

    def status() -> dict[str, Any]:
        return {
            "accepted": accepted,
            "configured": configured,
            "cancelled": completion.n_cancelled,
            "most_running": completion.n_most_running,
        }

    async def close() -> None:
        if completion.close_hangs:
            await forever()

    return serve(
        Services(
            documents=DocumentStore(),
            completion=completion,
            accepted=accepted.append,
            status=status,
            configure=configure,
            follow_user_file=lambda _on_problems: None,
            listen=listen,
            close=close,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
