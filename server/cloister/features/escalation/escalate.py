"""Asks a service instead of the local model, when somebody has chosen to.

Where text may go is decided three times: for the menu, before the preview, and by the egress
process itself. While an answer comes in the policy is looked at again and again; when it tightens
the request ends at once.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cloister.backends.draft import Draft
from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.context import CompletionContext
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import BackendUnavailableError, CloisterError
from cloister.core.generation import Chunk, Generation
from cloister.core.privacy import EndpointClass, Level, Verdict
from cloister.egress.audit.records import Event
from cloister.egress.client import EgressLink
from cloister.egress.dialects import Chat
from cloister.egress.messages import Approval, Purpose
from cloister.egress.prices import price_of
from cloister.egress.providers import endpoint_of
from cloister.egress.spending import over_budget
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.features.escalation.pieces import piece_of
from cloister.features.escalation.refusals import (
    against_policy,
    consent_details,
    redactions_in,
)
from cloister.features.escalation.rules import Question, Rules, first_time
from cloister.observe.usage import Use
from cloister.policy.privacy import endpoints, is_provably_of_its_file
from cloister.settings.backends import BackendSettings
from cloister.workspace.documents import path_from_uri

WATCH_SECONDS = 0.25
ANSWER_MS = 120_000


@dataclass(frozen=True, slots=True)
class Service:
    """A backend of the user's that may be asked here; `asks` says that a preview comes first.

    `context_tokens` is how much it takes, question and answer together.
    """

    name: str
    title: str
    asks: bool
    context_tokens: int


class Escalation:
    """The services of one window; belongs to its event loop.

    Without a `link` there is nobody who could reach them.
    """

    def __init__(
        self,
        link: EgressLink | None,
        rules: Rules,
        on_use: Callable[[Use], object],
    ) -> None:
        self._link = link
        self._rules = rules
        self._on_use = on_use

    def services(self, uri: str) -> list[Service]:
        """Return what may be asked about a document, by name."""
        self.shut_if_forbidden()
        if self._link is None or not self._link.running or path_from_uri(uri) is None:
            return []
        verdict = self._rules.policy.for_document(uri, self._rules.folders())
        return [
            _service(settings, verdict)
            for settings in self._rules.services().values()
            if self._rules.classes(settings, verdict)
        ]

    def shut_if_forbidden(self) -> None:
        """End the process with the network, for good, when no open folder lets anything leave."""
        if self._link is None:
            return
        policy, privacy = self._rules.policy, self._rules.privacy()
        folders = self._rules.folders()
        verdicts = [policy.for_file(it) for it in folders] or [policy.standing()]
        if all(set(endpoints(it, privacy)) <= {EndpointClass.ENGINE} for it in verdicts):
            self._link.kill()

    async def require_permitted(self, service: str, document: DocumentSnapshot) -> None:
        """Raise CloisterError when a service may not be asked about a document, and record that."""
        settings = self._rules.settings(service)
        verdict = self._rules.policy.for_document(document.uri, self._rules.folders())
        if not self._rules.classes(settings, verdict):
            error = against_policy(verdict)
        elif self._link is None or not self._link.running:
            error = _not_started()
        else:
            return
        await self._rules.refused(settings, document.path, error)
        raise error

    def permitted(
        self,
        service: str,
        document: DocumentSnapshot,
        context: CompletionContext,
        root: Path | None,
    ) -> CompletionContext:
        """Return the context without the snippets that may not go to a service."""
        settings, path = self._rules.services().get(service), document.path
        if settings is None or path is None:
            return replace(context, snippets=())
        may_go = self._rules.may_go(settings, document.uri)
        pieces = ((it, piece_of(it, path, root)) for it in context.snippets)
        return replace(context, snippets=tuple(it for it, piece in pieces if may_go(piece)))

    async def ask(
        self, service: str, question: Question, approver: Approver, cancel: CancelToken
    ) -> str:
        """Return the answer of a service.

        Raises CloisterError in one sentence when nothing may be sent or the service fails, and
        StoppedError when nobody waits any more.
        """
        settings = self._rules.settings(service)
        try:
            verdict, messages = self._rules.checked(settings, question)
        except BackendUnavailableError as error:
            await self._rules.refused(settings, path_from_uri(question.uri), error)
            raise
        remote = self._remote(settings, question)
        chat = Chat(messages, question.most_tokens)
        draft = remote.drafting.draft(chat, question.pieces, Purpose.ACTION)
        draft = replace(draft, redactions=redactions_in(question.messages, messages))
        _require_room(draft, settings, question)
        spent = await asyncio.to_thread(self._rules.spent, settings.name)
        if problem := over_budget(settings, spent, draft.most_cost):
            raise CloisterError(problem)
        approval = await self._approval(draft, settings, verdict, question, approver, cancel)
        # The time that somebody took to look is not the service's.
        cancel = cancel.again(ANSWER_MS)
        generation = await self._watched(remote, draft, approval, question, settings, cancel)
        if cancel.stopped:
            raise StoppedError
        return generation.text

    def _remote(self, settings: BackendSettings, question: Question) -> RemoteBackend:
        if self._link is None:
            raise _not_started()
        price = price_of(self._rules.prices(), settings.provider, settings.model)
        workspace = "" if question.folder is None else str(question.folder)
        return RemoteBackend(settings, self._link, workspace, price, self._on_use)

    async def _approval(
        self,
        draft: Draft,
        settings: BackendSettings,
        verdict: Verdict,
        question: Question,
        approver: Approver,
        cancel: CancelToken,
    ) -> Approval:
        """Return why the draft may go; nobody is asked where that was settled before."""
        is_certain = all(map(is_provably_of_its_file, draft.pieces))
        asks = verdict.level is Level.ASK
        terms = self._rules.terms(draft, question) if asks else first_time(draft)
        if not is_certain:
            # Words that may come from anywhere are looked at each time.
            terms = None
        now = datetime.now(UTC)
        if not approver.always and terms is not None and self._rules.consents.find(terms, now):
            return Approval.RECORD if asks else Approval.NONE
        can_remember = asks and terms is not None
        preview = Preview(draft, _title(settings), verdict, can_remember)
        choice = await unless_stopped(approver.ask(preview), cancel)
        if choice is Choice.NO:
            raise CloisterError("Nothing was sent.")
        if terms is not None and (choice is Choice.FOR_A_WHILE or not asks):
            # What cannot be remembered is asked for again.
            with suppress(OSError):
                await asyncio.to_thread(self._rules.record, Event.CONSENT, consent_details(terms))
                self._rules.consents.grant(terms, now)
        return Approval.PREVIEW

    async def _watched(
        self,
        remote: RemoteBackend,
        draft: Draft,
        approval: Approval,
        question: Question,
        settings: BackendSettings,
        cancel: CancelToken,
    ) -> Generation:
        """Send a draft; the moment the policy forbids it, nobody waits for the answer."""
        ours = CancelToken(cancel.deadline)
        cancel.on_cancel(ours.cancel)
        sending = asyncio.ensure_future(remote.send(draft, _all_of_it, ours, approval))
        try:
            while not (await asyncio.wait({sending}, timeout=WATCH_SECONDS))[0]:
                verdict = self._rules.verdict(question)
                if not self._rules.classes(settings, verdict):
                    ours.cancel()
                    await asyncio.wait({sending})
                    raise against_policy(verdict)
            return await sending
        finally:
            ours.cancel()
            sending.add_done_callback(lambda done: done.cancelled() or done.exception())


def _require_room(draft: Draft, settings: BackendSettings, question: Question) -> None:
    context_tokens = settings.context_tokens or endpoint_of(settings).provider.context_tokens
    if draft.prompt_tokens + question.most_tokens > context_tokens:
        raise CloisterError(
            f"{_title(settings)} takes about {context_tokens:,} tokens and this is "
            f"{draft.prompt_tokens:,}; select less, or set context-tokens of the backend."
        )


def _not_started() -> BackendUnavailableError:
    return BackendUnavailableError(
        "No service can be reached: what you permit counts from the next start; restart the editor."
    )


def _service(settings: BackendSettings, verdict: Verdict) -> Service:
    context_tokens = settings.context_tokens or endpoint_of(settings).provider.context_tokens
    return Service(settings.name, _title(settings), verdict.level is Level.ASK, context_tokens)


def _title(settings: BackendSettings) -> str:
    return f"{settings.model} at {endpoint_of(settings).origin.host}"


def _all_of_it(_chunk: Chunk) -> bool:
    return False
