"""Asks a service for a completion that the model here is not sure of, after its answer is shown.

Nobody waits for it: it is asked after a pause in typing, one question at a time, and dropped with
the next key. Everything is asked through the same gate as code actions, and nobody is ever asked to
agree while typing: what is not settled stays here. A failure is told once.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from cloister.backends.estimate import EstimatedTokens
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.context import CompletionContext
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError, PassingError
from cloister.core.outcome import Outcome
from cloister.core.request import CompletionRequest
from cloister.features.completion.candidate import Answer
from cloister.features.completion.judging import worth_showing
from cloister.features.completion.stop import EnoughWatch, place_at
from cloister.features.completion.telling import Telling
from cloister.features.escalation.drafting import Gap, Question
from cloister.features.escalation.escalate import Escalation, Service
from cloister.features.escalation.pieces import pieces_of
from cloister.features.escalation.refusals import NotSentError, cause_of
from cloister.policy.budget import Limits, plan_budget
from cloister.policy.secrets import REDACTED
from cloister.settings.settings import COMPLETION, Settings
from cloister.syntax.languages import language_for_id

ANSWER_MS = 15_000
PAUSE_S = 0.4
# A service that failed is left alone for so long, and is not asked again at each pause.
REST_S = 30.0
_SEARCH_S = 0.5
# The rest is for what a request says beside the text, and for how it is written down.
_SHARE_FOR_TEXT = 0.8

_LOGGER = logging.getLogger(__name__)

Keep = Callable[[CompletionRequest, Answer], object]


@dataclass(frozen=True, slots=True)
class Ready:
    """A service has answered for a place of a document, which has not changed since."""

    document: DocumentSnapshot
    offset: int
    source: str


class SecondOpinion:
    """What one window asks of a service; belongs to its event loop."""

    def __init__(
        self,
        escalation: Escalation,
        settings: Callable[[], Settings],
        workspaces: Workspaces | None = None,
        pause: Callable[[float], Coroutine[Any, Any, object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.note = ""
        self._escalation = escalation
        self._settings = settings
        self._pause = pause
        self._clock = clock
        self._on_ready: Callable[[Ready], object] = lambda _ready: None
        self._on_note: Callable[[str], object] = lambda _note: None
        self._noted: set[str] = set()
        self._rests_until = 0.0
        self._last: CompletionRequest | None = None
        self._cancel = CancelToken()
        self._asking: asyncio.Future[None] | None = None
        self._telling = Telling(EstimatedTokens(), workspaces)

    def listen(self, on_ready: Callable[[Ready], object], on_note: Callable[[str], object]) -> None:
        """Tell of answers, and once of each reason why there is none, from now on."""
        self._on_ready, self._on_note = on_ready, on_note

    def consider(self, request: CompletionRequest, answer: Answer | None, keep: Keep) -> None:
        """Ask a service unless the `answer` from here is sure enough; returns at once.

        Its answer goes to `keep` first, and is then told of.
        """
        if self._last is not None and _is_same_place(request, self._last):
            return
        self._drop()
        routing = self._settings().routing
        if not routing.service_for(COMPLETION) or self._clock() < self._rests_until:
            return
        if answer is not None and (answer.source or answer.confidence >= routing.confidence):
            return
        self._last, self._cancel = request, CancelToken()
        self._asking = asyncio.ensure_future(self._seek(request, answer, keep, self._cancel))

    def drop(self, uri: str) -> None:
        """Ask no further about a document that has another text."""
        if self._last is not None and self._last.document.uri == uri:
            self._drop()

    def forget(self, uri: str) -> None:
        """Ask no further about a document that is closed."""
        self.drop(uri)
        self._telling.forget(uri)

    def begin_again(self) -> None:
        """Forget what was asked and what went wrong: other settings hold."""
        self._drop()
        self._noted.clear()
        self.note, self._rests_until = "", 0.0

    async def close(self) -> None:
        """Ask nothing more."""
        self._drop()
        if self._asking is not None:
            await asyncio.wait([self._asking])
        self._telling.close()

    def _drop(self) -> None:
        self._last = None
        self._cancel.cancel()

    async def _seek(
        self, request: CompletionRequest, local: Answer | None, keep: Keep, cancel: CancelToken
    ) -> None:
        try:
            await unless_stopped(self._pause(PAUSE_S), cancel)
            answer = await self._answer(request, cancel)
        except StoppedError:
            return
        except NotSentError as error:
            self._tell(str(error))
        except CloisterError as error:
            self._failed(str(error))
        except Exception as error:  # noqa: BLE001  # nobody waits for this task
            _LOGGER.error("asking a service failed: %s", type(error).__name__)
        else:
            if answer is not None and not cancel.cancelled:
                keep(request, answer)
                if local is None or local.text != answer.text:
                    self._on_ready(Ready(request.document, request.offset, answer.source))

    async def _answer(self, request: CompletionRequest, cancel: CancelToken) -> Answer | None:
        """Return what a service writes at a place; None where it may not be asked, or for nothing.

        Raises as `Escalation.ask` does.
        """
        document, settings = request.document, self._settings()
        service = self._escalation.routed(COMPLETION, document)
        if service is None:
            return None
        context = await unless_stopped(self._context(request, service, settings), cancel)
        language = language_for_id(document.language_id)
        completion = settings.completion
        place = place_at(document.text, request.offset, language, multiline=completion.multiline)
        question = Question(
            uri=document.uri,
            about=Gap(context, ("\n",) if place.is_single_line else ()),
            pieces=pieces_of(document, context.window, context, request.root),
            most_tokens=completion.max_tokens,
            folder=request.root,
            on_chunk=EnoughWatch(place, completion.min_confidence),
            answer_ms=ANSWER_MS,
        )
        try:
            generation = await self._escalation.ask(service.name, question, None, cancel)
        except StoppedError as error:
            if cancel.cancelled:
                raise
            raise PassingError(f"{service.title} did not answer in time.") from error
        answer = worth_showing(place, context, generation, completion.min_confidence)
        if isinstance(answer, Outcome) or REDACTED in answer.text:
            return None
        return replace(answer, source=service.title)

    async def _context(
        self, request: CompletionRequest, service: Service, settings: Settings
    ) -> CompletionContext:
        """Return what may be told of a place."""
        context_tokens = int(service.context_tokens * _SHARE_FOR_TEXT)
        limits = Limits(context_tokens, settings.completion.max_tokens, ANSWER_MS)
        budget = plan_budget(limits, None, None)
        context = await self._telling.context(request, budget, settings.context, _SEARCH_S)
        return self._escalation.permitted(service.name, request.document, context, request.root)

    def _failed(self, sentence: str) -> None:
        self._rests_until = self._clock() + REST_S
        self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        """Tell why nothing came, once; with other numbers in it the reason is the same."""
        self.note = sentence
        cause = cause_of(sentence)
        if cause not in self._noted:
            self._noted.add(cause)
            self._on_note(sentence)


def _is_same_place(request: CompletionRequest, other: CompletionRequest) -> bool:
    return request.document is other.document and request.offset == other.offset
