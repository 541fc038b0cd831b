"""Code actions from menu to edit: what can be done here, and doing it with the models at hand.

The menu is made from syntax and from what the model files say of themselves, so that it may be
asked for on every move of the cursor. An edit is made for one version of a document.
"""

import asyncio
from collections.abc import Iterable, Sequence

from cloister.backends.base import ChatBackend
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.chat import Message
from cloister.core.context import CompletionContext
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.generation import Chunk, GenerationRequest, Priority
from cloister.core.model import ModelDescription
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Span
from cloister.families import family_of
from cloister.features.completion.telling import Telling
from cloister.features.editing.configured import actions_with
from cloister.features.editing.filling import Filler, filled
from cloister.features.editing.instructing import Ask, Conversation, conversation, instructed
from cloister.features.editing.place import Place, ReadDocument, read_document
from cloister.features.editing.possibility import (
    NEEDS_INFILLING,
    Backends,
    Models,
    Possibility,
    Selection,
    Wish,
    possibilities_elsewhere,
    possibility_here,
)
from cloister.features.editing.task import Action, Hole, Offer, Result
from cloister.features.escalation.approval import Approver
from cloister.features.escalation.escalate import Escalation, Service
from cloister.features.escalation.rules import Question
from cloister.policy.budget import Budget, Limits, plan_budget
from cloister.policy.trigger import Denial, denial_reason
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_for_id

DEADLINE_MS = 120_000


class ActionFeature:
    """Serves code actions; belongs to one event loop."""

    def __init__(
        self,
        backends: Backends,
        settings: Settings,
        workspaces: Workspaces | None,
        denial: Denial = lambda _path: None,
        escalation: Escalation | None = None,
    ) -> None:
        self._escalation = escalation
        self._workspaces = workspaces
        self._denial = denial
        self._read: ReadDocument | None = None
        self._settings = settings
        self._use(backends)

    def reconfigure(self, settings: Settings, backends: Backends) -> None:
        """Take other settings, and write with other models from now on."""
        self._settings = settings
        if backends != self._backends:
            self.close()
            self._use(backends)

    async def possibilities(
        self, selection: Selection, kinds: Iterable[str] | None = None
    ) -> list[Possibility]:
        """Return what can be done at a place, of the given kinds and those below them."""
        place = await self._place(selection)
        if place is None or not self._settings.enabled:
            return []
        models = await self._known_models()
        wanted = None if kinds is None else tuple(kinds)
        services = self._services(selection.document.uri)
        known = actions_with(self._settings.actions)
        actions = [it for it in known if wanted is None or _is_any(it.kind, wanted)]
        return [
            possibility
            for action, offer in await asyncio.to_thread(_offers, actions, place)
            for possibility in (
                possibility_here(action, offer, models),
                *possibilities_elsewhere(action, offer, services),
            )
        ]

    async def edits(
        self, selection: Selection, wish: Wish, approver: Approver, cancel: CancelToken
    ) -> tuple[TextEdit, ...]:
        """Return the edits that an offer makes of the document; raises as `result` does."""
        result = await self.result(selection, wish, approver, cancel)
        if not isinstance(result, tuple):
            raise CloisterError(f"“{wish.action}” does not edit the document; choose another.")
        return result

    async def result(
        self, selection: Selection, wish: Wish, approver: Approver, cancel: CancelToken
    ) -> Result:
        """Return what comes of an offer; `approver` is asked before anything is sent.

        Raises CloisterError in one sentence when it cannot be done, RefusedAnswerError among them,
        and StoppedError when nobody waits any more.
        """
        if wish.service and self._escalation is not None:
            await self._escalation.require_permitted(wish.service, selection.document)
        possible = await unless_stopped(self.possibilities(selection), cancel)
        chosen = next(filter(wish.means, possible), None)
        place = await self._place(selection)
        if place is None or chosen is None:
            raise CloisterError(f"“{wish.action}” is not possible here; choose another place.")
        match chosen.task:
            case Hole() as hole:
                return await filled(hole, place, await self._filler(cancel), cancel)
            case None:
                raise CloisterError(chosen.disabled)
            case request:
                room = chosen.service.context_tokens if chosen.service else None
                context = await unless_stopped(self._context(request.span, place, room), cancel)
                context = self._permitted(context, chosen.service, place)
                asked = conversation(request, place, context)
                ask: Ask = self._ask
                if chosen.service is not None:
                    ask = self._asking(chosen.service, asked, place, approver)
                return await instructed(asked, ask, cancel)

    def close(self) -> None:
        """Stop searching."""
        self._completion_telling.close()
        self._action_telling.close()

    def _use(self, backends: Backends) -> None:
        self._backends = backends
        self._models: Models | None = None
        self._completion_telling = Telling(backends.completion, self._workspaces)
        self._action_telling = Telling(backends.action, self._workspaces)

    async def _place(self, selection: Selection) -> Place | None:
        language = language_for_id(selection.document.language_id)
        if language is None or denial_reason(selection.document, self._denial) is not None:
            return None
        if self._read is None or self._read.document is not selection.document:
            self._read = await asyncio.to_thread(read_document, selection.document, language)
        return Place(self._read, selection.span, selection.problems, selection.root)

    async def _known_models(self) -> Models:
        if self._models is None:
            backends = self._backends
            try:
                family = family_of(await backends.completion.identify())
                action = await backends.action.identify()
            except CloisterError:
                # The status says what is wrong with the model; others may still be asked.
                return Models(None, follows_instructions=False)
            self._models = Models(family, action.chat_template)
        return self._models

    async def _filler(self, cancel: CancelToken) -> Filler:
        backend = self._backends.completion
        description = await unless_stopped(backend.describe(), cancel)
        family = family_of(description)
        if family is None:
            raise CloisterError(NEEDS_INFILLING)
        budget = self._budget(description, backend)
        telling = self._completion_telling
        return Filler(backend, telling, family, budget, self._settings.context)

    async def _context(
        self, span: Span, place: Place, context_tokens: int | None
    ) -> CompletionContext:
        """Return what is told; with `context_tokens` to a service, measured by our own model."""
        backend = self._backends.action
        description = await backend.describe()
        if context_tokens is None:
            budget = self._budget(description, backend)
        else:
            most_tokens = self._settings.completion.max_tokens
            budget = plan_budget(Limits(context_tokens, most_tokens, DEADLINE_MS), None, None)
        request = CompletionRequest(place.read.document, span.start, Trigger.INVOKED, place.root)
        return await self._action_telling.context(request, budget, self._settings.context)

    def _permitted(
        self, context: CompletionContext, service: Service | None, place: Place
    ) -> CompletionContext:
        """Return what of a context may be told to whoever is asked."""
        if service is None or self._escalation is None:
            return context
        document = place.read.document
        return self._escalation.permitted(service.name, document, context, place.root)

    async def _ask(self, messages: Sequence[Message], most_tokens: int, cancel: CancelToken) -> str:
        backend = self._backends.action
        prompt = await unless_stopped(backend.chat_prompt(messages), cancel)
        request = GenerationRequest(prompt, most_tokens, priority=Priority.ACTION)
        generation = await backend.generate(request, _all_of_it, cancel)
        if cancel.stopped:
            raise StoppedError
        return generation.text

    def _services(self, uri: str) -> list[Service]:
        return [] if self._escalation is None else self._escalation.services(uri)

    def _asking(
        self, service: Service, asked: Conversation, place: Place, approver: Approver
    ) -> Ask:
        """Return who asks a service, with the pieces that the conversation is made of."""
        uri, folder = place.read.document.uri, place.root

        async def ask(messages: Sequence[Message], most_tokens: int, cancel: CancelToken) -> str:
            if self._escalation is None:
                raise CloisterError(
                    f"{service.title} may not be asked any more; ask the local model."
                )
            question = Question(uri, tuple(messages), asked.pieces, most_tokens, folder)
            return await self._escalation.ask(service.name, question, approver, cancel)

        return ask

    def _budget(self, description: ModelDescription, backend: ChatBackend) -> Budget:
        completion = self._settings.completion
        limits = Limits(description.context_tokens, completion.max_tokens, DEADLINE_MS)
        return plan_budget(limits, backend.speed, None)


def _offers(actions: Iterable[Action], place: Place) -> list[tuple[Action, Offer]]:
    return [(action, offer) for action in actions for offer in action.offers(place)]


def _all_of_it(_chunk: Chunk) -> bool:
    return False


def _is_any(kind: str, wanted: tuple[str, ...]) -> bool:
    return any(kind == it or kind.startswith(f"{it}.") for it in wanted)
