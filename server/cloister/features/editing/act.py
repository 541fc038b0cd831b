"""Code actions from menu to edit: what can be done here, and doing it with the models at hand.

The menu is made from syntax and from what the model files say of themselves, so that it may be
asked for on every move of the cursor. An edit is made for one version of a document.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.context import CompletionContext
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.features.committing.commit import commit_conversation, room_for
from cloister.features.committing.document import (
    commit_offers,
    is_commit_message,
    repository_of,
)
from cloister.features.editing.asking import By, asking_elsewhere, asking_here
from cloister.features.editing.checking import user_check
from cloister.features.editing.checks import Promise
from cloister.features.editing.configured import actions_with
from cloister.features.editing.filling import filled
from cloister.features.editing.instructing import Ask, conversation, instructed, unchecked
from cloister.features.editing.naming import require_local
from cloister.features.editing.place import Place, ReadDocument, read_document
from cloister.features.editing.possibility import (
    Backends,
    Models,
    Possibility,
    Selection,
    Wish,
    is_any,
    models_of,
    offers_at,
    possibilities_of,
)
from cloister.features.editing.rewriting import kept_edits
from cloister.features.editing.series import made_in_turn
from cloister.features.editing.steps import Watch, unwatched
from cloister.features.editing.task import (
    Action,
    CommitMessage,
    Hole,
    Naming,
    Offer,
    Request,
    Result,
    Rewriting,
    Series,
    edits_in,
)
from cloister.features.editing.telling import DEADLINE_MS, ActionTelling
from cloister.features.escalation.approval import Approver
from cloister.features.escalation.escalate import Escalation, Service
from cloister.policy.trigger import Denial, denial_reason
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_for_id

__all__ = ["DEADLINE_MS", "ActionFeature", "edits_in"]


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
        if not self._settings.enabled:
            return []
        models = await self._known_models()
        wanted = None if kinds is None else tuple(kinds)
        services = self._services(repository_of(selection.document).uri)
        known = actions_with(self._settings.actions)
        actions = [it for it in known if wanted is None or is_any(it.kind, wanted)]
        return [
            possibility
            for action, offer in await self._offers(actions, selection)
            for possibility in possibilities_of(action, offer, models, services)
        ]

    def asks(self, name: str) -> bool:
        """Return whether the person has to say what an action is to do."""
        return any(it.asks for it in actions_with(self._settings.actions) if it.name == name)

    async def edits(
        self, selection: Selection, wish: Wish, approver: Approver, cancel: CancelToken
    ) -> tuple[TextEdit, ...]:
        """Return the edits that an offer makes of the document; raises as `result` does."""
        return edits_in(await self.result(selection, wish, approver, cancel))

    async def result(
        self,
        selection: Selection,
        wish: Wish,
        approver: Approver,
        cancel: CancelToken,
        watch: Watch = unwatched,
    ) -> Result:
        """Return what comes of an offer; `approver` is asked before anything is sent.

        `watch` is told what is being done.

        Raises CloisterError in one sentence when it cannot be done, RefusedAnswerError among them,
        and StoppedError when nobody waits any more.
        """
        if wish.service and self._escalation is not None:
            about = repository_of(selection.document)
            await self._escalation.require_permitted(wish.service, about)
        possible = await unless_stopped(self.possibilities(selection), cancel)
        chosen = next(filter(wish.means, possible), None)
        if chosen is None:
            raise _not_possible(wish)
        by, task = By(chosen.service, approver, wish.form), chosen.task
        if task is None:
            raise CloisterError(chosen.disabled)
        if isinstance(task, CommitMessage):
            return await self._message(by, task, selection, watch, cancel)
        place = await self._place(selection)
        if place is None:
            raise _not_possible(wish)
        match task:
            case Hole() as hole:
                check = user_check(hole.span, place, self._settings.checks, watch, cancel)
                filler = await self._telling.filler(self._settings, watch, cancel)
                return await check(await filled(hole, place, filler, cancel))
            case Series() as series:
                make = partial(self._edits_of, by)
                return await made_in_turn(series, place, make, watch, cancel)
            case Rewriting(span=span, edits=edits):
                kept = await asyncio.to_thread(kept_edits, edits, place, Promise())
                check = user_check(span, place, self._settings.checks, watch, cancel)
                return await check(kept)
            case Naming() as naming if not wish.renames:
                require_local(naming, place)
                return await self._done(by, naming, place, watch, cancel)
            case request:
                return await self._done(by, wish.worded(request), place, watch, cancel)

    async def _done(
        self, by: By, request: Request, place: Place, watch: Watch, cancel: CancelToken
    ) -> Result:
        """Return what a model that follows instructions makes of a request."""
        check = user_check(request.span, place, self._settings.checks, watch, cancel)
        told = self._telling.context(request.span, place, by.service, self._settings, watch)
        context = await unless_stopped(told, cancel)
        context = self._permitted(context, by.service, place)
        asked = conversation(request, place, context, by.form)
        about = Selection(place.read.document, place.span, root=place.root)
        ask = self._asking(by.service, about, by.approver, watch)
        return await instructed(asked, ask, check, watch, cancel)

    async def _message(
        self,
        by: By,
        task: CommitMessage,
        selection: Selection,
        watch: Watch,
        cancel: CancelToken,
    ) -> Result:
        """Return the edit that writes the message of a commit."""
        about = replace(selection, document=repository_of(selection.document))
        ask = self._asking(by.service, about, by.approver, watch)
        room = await room_for(by.service, self._backends.action, watch, cancel)
        told = commit_conversation(task, selection.document, room, self._denial)
        return await instructed(await unless_stopped(told, cancel), ask, unchecked, watch, cancel)

    async def _edits_of(
        self, by: By, request: Request, place: Place, watch: Watch, cancel: CancelToken
    ) -> tuple[TextEdit, ...]:
        return edits_in(await self._done(by, request, place, watch, cancel))

    def close(self) -> None:
        """Stop searching."""
        self._telling.close()

    def _use(self, backends: Backends) -> None:
        self._backends = backends
        self._models: Models | None = None
        self._telling = ActionTelling(backends, self._workspaces)

    async def _offers(
        self, actions: Sequence[Action], selection: Selection
    ) -> list[tuple[Action, Offer]]:
        if is_commit_message(selection.document):
            return await asyncio.to_thread(commit_offers, actions, selection.document)
        place = await self._place(selection)
        return [] if place is None else await asyncio.to_thread(offers_at, actions, place)

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
                self._models = await models_of(backends)
            except CloisterError:
                # The status says what is wrong with the model; others may still be asked.
                return Models(None, follows_instructions=False)
        return self._models

    def _permitted(
        self, context: CompletionContext, service: Service | None, place: Place
    ) -> CompletionContext:
        """Return what of a context may be told to whoever is asked."""
        if service is None or self._escalation is None:
            return context
        document = place.read.document
        return self._escalation.permitted(service.name, document, context, place.root)

    def _services(self, uri: str) -> list[Service]:
        return [] if self._escalation is None else self._escalation.services(uri)

    def _asking(
        self, service: Service | None, about: Selection, approver: Approver, watch: Watch
    ) -> Ask:
        if service is None:
            return asking_here(self._backends.action, watch)
        if self._escalation is None:
            raise CloisterError(f"{service.title} may not be asked any more; ask the local model.")
        return asking_elsewhere(self._escalation, service, about, approver, watch)


def _not_possible(wish: Wish) -> CloisterError:
    why = "`cloister action list PATH:LINE` says what is, and `cloister action list` names all"
    return CloisterError(f"“{wish.action}” is not possible here; {why}.")
