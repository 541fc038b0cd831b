"""Generates with a service that the user has named, through the process that alone may speak to it.

Nothing is sent without saying whose text it is; whether it may leave is decided where it leaves.
What a service does not tell is not made up: where it gives no probabilities chunks have 1.0, so
that confidence hides nothing of what somebody asked for, and `tells_confidence` says so.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import date
from typing import Protocol

from cloister.backends.base import OnChunk
from cloister.backends.draft import Draft, Drafting, conversation_prompt, question_of
from cloister.backends.estimate import estimated_tokens
from cloister.backends.remote_model import remote_model
from cloister.backends.remote_writing import Writing
from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.chat import Message
from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Finish, Generation, GenerationRequest, Priority
from cloister.core.hardware import ModelSpeed, Placement
from cloister.core.model import ModelDescription
from cloister.core.privacy import Piece
from cloister.core.prompt import Prompt
from cloister.egress.asking import listed_models, models_request
from cloister.egress.client import Answer
from cloister.egress.dialects.answer import AnswerReader, Asked
from cloister.egress.dialects.failures import explain_status
from cloister.egress.messages import (
    Approval,
    EgressRequest,
    HttpRequest,
    Limits,
    Purpose,
    sent_pieces,
)
from cloister.egress.prices import Price
from cloister.egress.providers import endpoint_of
from cloister.observe.usage import Use
from cloister.settings.backends import BackendSettings

_OK = 200
_LISTING_MS = 10_000.0
_DEADLINE_MS = 60_000.0
_MOST_ANSWER_BYTES = 4 * 1024 * 1024
_MOST_ERROR_BYTES = 64 * 1024


class Link(Protocol):
    """What of the egress process is needed here."""

    def exchange(
        self, request: EgressRequest, cancel: CancelToken
    ) -> AbstractAsyncContextManager[Answer]:
        """Send a request and hand out its answer."""


class RemoteBackend:
    """Speaks about one model to one service; raises SettingsError when that cannot be found."""

    speed: ModelSpeed | None = None
    placement: Placement | None = None

    def __init__(
        self,
        settings: BackendSettings,
        link: Link,
        workspace: str = "",
        price: Price | None = None,
        on_use: Callable[[Use], object] = lambda _use: None,
    ) -> None:
        self.name = settings.name
        self.tells_confidence = False
        endpoint = endpoint_of(settings)
        context_tokens = settings.context_tokens or endpoint.provider.context_tokens
        model = remote_model(settings.model, context_tokens)
        self.drafting = Drafting(settings, endpoint, model, price)
        self._link = link
        self._workspace = workspace
        self._on_use = on_use

    async def describe(self) -> ModelDescription:
        """Return what the model's name and the user's file say; nobody is asked."""
        return self.drafting.model.description

    async def identify(self) -> ModelDescription:
        """Return the same; see `ChatBackend.identify`."""
        return self.drafting.model.description

    async def chat_prompt(self, messages: Sequence[Message]) -> Prompt:
        """Return a conversation as a prompt for `generate`; the service lays it out itself."""
        return conversation_prompt(messages)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return about how many tokens each text has; only the service could count them."""
        return [estimated_tokens(text) for text in texts]

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Generate until the model ends, a limit is met, `on_chunk` has enough, or `cancel` stops.

        See `Backend.generate` and `send`. Without pieces the request is refused.
        """
        is_action = request.priority is Priority.ACTION
        purpose = Purpose.ACTION if is_action else Purpose.COMPLETION
        draft = self.drafting.draft(question_of(request), request.pieces, purpose)
        return await self.send(draft, on_chunk, cancel)

    async def send(
        self,
        draft: Draft,
        on_chunk: OnChunk,
        cancel: CancelToken,
        approval: Approval = Approval.NONE,
    ) -> Generation:
        """Send what was drafted, and return what is answered.

        Raises EgressRefusedError when not one byte may leave, EgressFailedError when the service
        cannot be reached, and what `explain_status` returns when it says no.
        """
        writing = Writing(draft, on_chunk)
        request = replace(
            self._request(draft.http, draft.purpose, approval, cancel, draft.pieces),
            redactions=draft.redactions,
        )
        is_served = False
        try:
            async with self._link.exchange(request, cancel) as answer:
                is_served = answer.status == _OK
                await self._read(answer, writing)
        except StoppedError:
            writing.finish = Finish.CANCELLED if cancel.cancelled else Finish.DEADLINE
            # It was on its way, and whoever serves it may have begun.
            is_served = True
        finally:
            if is_served:
                self._record(writing)
        self.tells_confidence = writing.tells_confidence
        return writing.generation()

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the service lists; empty where it lists none."""
        cancel = CancelToken.after_ms(_LISTING_MS)
        http = models_request(self.drafting.endpoint)
        request = self._request(http, Purpose.TRIAL, Approval.PREVIEW, cancel)
        try:
            async with self._link.exchange(request, cancel) as answer:
                body = b"".join([data async for data in answer.chunks])
        except (BackendUnavailableError, StoppedError):
            return ()
        return listed_models(body) if answer.status == _OK else ()

    async def close(self) -> None:
        """Nothing is held: the link belongs to whoever made it."""

    def _request(
        self,
        http: HttpRequest,
        purpose: Purpose,
        approval: Approval,
        cancel: CancelToken,
        pieces: Sequence[Piece] = (),
    ) -> EgressRequest:
        remaining_ms = cancel.remaining_ms()
        deadline_ms = _DEADLINE_MS if remaining_ms is None else max(1.0, remaining_ms)
        return EgressRequest(
            backend=self.name,
            origin=self.drafting.endpoint.origin,
            http=http,
            pieces=sent_pieces(pieces),
            purpose=purpose,
            model=self.drafting.settings.model,
            workspace=self._workspace,
            approval=approval,
            limits=Limits(deadline_ms, _MOST_ANSWER_BYTES),
        )

    async def _read(self, answer: Answer, writing: Writing) -> None:
        title, model = self.drafting.endpoint.provider.title, self.drafting.settings.model
        if answer.status != _OK:
            body = await _beginning(answer.chunks)
            wait = answer.headers.get("retry-after", "")
            raise explain_status(title, model, answer.status, body, wait)
        reader = AnswerReader(writing.draft.service.dialect, Asked(title, model))
        async for data in answer.chunks:
            if writing.take(reader.feed(data)):
                return
        if not writing.take(reader.close()):
            writing.close()

    def _record(self, writing: Writing) -> None:
        counted, price = writing.counted(), self.drafting.price
        use = Use(
            day=f"{date.today():%Y-%m-%d}",  # noqa: DTZ011  # a bill's day is the user's own
            backend=self.name,
            model=self.drafting.settings.model,
            workspace=self._workspace,
            prompt_tokens=counted.prompt_tokens or 0,
            reused_tokens=counted.reused_tokens or 0,
            generated_tokens=counted.generated_tokens or 0,
            cost=price.cost_of(counted) if price else None,
            estimated=writing.is_estimated,
        )
        # A disk that takes no line takes none of the audit log, and then nothing more is sent.
        with suppress(OSError):
            self._on_use(use)


async def _beginning(chunks: AsyncIterator[bytes]) -> bytes:
    """Return as much of an error's body as is read."""
    body = b""
    async for data in chunks:
        body += data
        if len(body) >= _MOST_ERROR_BYTES:
            break
    return body
