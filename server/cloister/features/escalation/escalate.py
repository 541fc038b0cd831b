"""Asks a service instead of the local model: when somebody chooses to, or by the user's routing.

Where text may go is decided three times: for the menu, before the preview, and by the egress
process itself. While an answer comes in the policy is looked at again and again; when it tightens
the request ends at once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.context import CompletionContext
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError, SettingsError
from cloister.core.generation import Generation
from cloister.core.privacy import EndpointClass, Level, Verdict
from cloister.egress.client import EgressLink
from cloister.egress.messages import Approval, Purpose
from cloister.egress.prices import price_of
from cloister.egress.providers import endpoint_of
from cloister.egress.spending import over_budget
from cloister.features.escalation.agreement import Request, agreed, settled
from cloister.features.escalation.approval import Approver
from cloister.features.escalation.drafting import Question, drafted
from cloister.features.escalation.pieces import piece_of
from cloister.features.escalation.refusals import NotSentError, cause_of, ended, not_started
from cloister.features.escalation.rules import Rules
from cloister.observe.usage import Use
from cloister.policy.privacy import endpoints
from cloister.settings.backends import BackendSettings
from cloister.workspace.documents import path_from_uri

WATCH_SECONDS = 0.25
_OWN_END_SECONDS = 0.6


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
        self._recorded: set[tuple[str, str, str]] = set()

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

    def routed(self, task: str, document: DocumentSnapshot) -> Service | None:
        """Return the service that the user's file has asked by itself for a task.

        None where there is none, or where the policy forbids it. Raises CloisterError when it is
        wanted and permitted, and cannot be reached.
        """
        name = self._rules.routing().service_for(task)
        if not name or document.path is None:
            return None
        settings = self._rules.settings(name)
        verdict = self._rules.policy.for_document(document.uri, self._rules.folders())
        if not self._rules.classes(settings, verdict):
            return None
        self._require_link()
        return _service(settings, verdict)

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
        try:
            if not self._rules.classes(settings, verdict):
                raise self._rules.refusal(verdict)
            self._require_link()
        except NotSentError as error:
            await self._rules.refused(settings, document.path, error, Purpose.ACTION)
            raise

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
        self, service: str, question: Question, approver: Approver | None, cancel: CancelToken
    ) -> Generation:
        """Return the answer of a service.

        Without an `approver` only what is agreed to already is sent. Raises CloisterError in one
        sentence when nothing may be sent (NotSentError) or the service fails, and StoppedError when
        nobody waits any more.
        """
        settings = self._rules.settings(service)
        try:
            request, remote = await self._checked(settings, question)
            approval = (
                settled(self._rules, request)
                if approver is None
                else await agreed(self._rules, request, approver, cancel)
            )
        except (NotSentError, SettingsError) as error:
            await self._record(settings, question, error)
            raise
        # The time that somebody took to look is not the service's.
        cancel = cancel.again(question.answer_ms)
        generation = await self._watched(remote, request, approval, settings, cancel)
        if cancel.stopped:
            raise StoppedError
        return generation

    async def _checked(
        self, settings: BackendSettings, question: Question
    ) -> tuple[Request, RemoteBackend]:
        """Return what would be sent, and who sends it; raises CloisterError when it may not."""
        verdict = self._rules.permitted(settings, question)
        remote = self._remote(settings, question.folder)
        draft = drafted(question, remote.drafting, self._rules.on_secret)
        context_tokens = _context_tokens(settings)
        if draft.prompt_tokens + question.most_tokens > context_tokens:
            raise NotSentError(
                f"{_title(settings)} takes about {context_tokens:,} tokens and this is "
                f"{draft.prompt_tokens:,}; select less, or set context-tokens of the backend."
            )
        spent = 0.0 if settings.monthly_budget is None else await self._spent(settings)
        if problem := over_budget(settings, spent, draft.most_cost):
            raise NotSentError(problem)
        return Request(question, draft, _title(settings), verdict), remote

    async def _spent(self, settings: BackendSettings) -> float:
        try:
            return await asyncio.to_thread(self._rules.spent, settings.name)
        except OSError as error:
            raise NotSentError(
                f"What {_title(settings)} has cost cannot be read ({error.strerror}), so nothing "
                "is sent; check the folder of `cloister usage`."
            ) from error

    async def _record(
        self, settings: BackendSettings, question: Question, error: CloisterError
    ) -> None:
        """Put a refusal on record; what comes again with each key only once."""
        if question.purpose is Purpose.COMPLETION:
            fact = (settings.name, question.uri, cause_of(str(error)))
            if fact in self._recorded:
                return
            self._recorded.add(fact)
        path = path_from_uri(question.uri)
        await self._rules.refused(settings, path, error, question.purpose)

    async def _watched(
        self,
        remote: RemoteBackend,
        request: Request,
        approval: Approval,
        settings: BackendSettings,
        cancel: CancelToken,
    ) -> Generation:
        """Send a draft; the moment the policy forbids it, nobody waits for the answer."""
        ours, question = CancelToken(cancel.deadline), request.question
        cancel.on_cancel(ours.cancel)
        sending = asyncio.ensure_future(
            remote.send(request.draft, question.on_chunk, ours, approval)
        )
        try:
            while not (await asyncio.wait({sending}, timeout=WATCH_SECONDS))[0]:
                verdict = self._rules.verdict(question)
                if not self._rules.classes(settings, verdict):
                    # Who sends sees it as well, ends it, and puts on record why.
                    await asyncio.wait({sending}, timeout=_OWN_END_SECONDS)
                    ours.cancel()
                    await asyncio.wait({sending})
                    raise self._rules.refusal(verdict)
            return await sending
        finally:
            ours.cancel()
            sending.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _remote(self, settings: BackendSettings, folder: Path | None) -> RemoteBackend:
        price = price_of(self._rules.prices(), settings.provider, settings.model)
        workspace = "" if folder is None else str(folder)
        return RemoteBackend(settings, self._require_link(), workspace, price, self._on_use)

    def _require_link(self) -> EgressLink:
        if self._link is None:
            raise not_started()
        if not self._link.running:
            raise ended()
        return self._link


def _service(settings: BackendSettings, verdict: Verdict) -> Service:
    is_asked = verdict.level is Level.ASK
    return Service(settings.name, _title(settings), is_asked, _context_tokens(settings))


def _context_tokens(settings: BackendSettings) -> int:
    return settings.context_tokens or endpoint_of(settings).provider.context_tokens


def _title(settings: BackendSettings) -> str:
    return f"{settings.model} at {endpoint_of(settings).origin.host}"
