"""One completion from request to suggestion: decide, gather, generate, filter, explain.

Every request ends in exactly one outcome, and nothing but cancellation leaves as an exception:
a person who types must never see an error because a suggestion failed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cloister.backends.base import LOCAL, Backend
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError, ModelError, PassingError
from cloister.core.generation import Finish, Priority, Timings
from cloister.core.model import ModelDescription
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.request import CompletionRequest
from cloister.families import Family, family_of
from cloister.features.completion.ahead import Counts, ReadingAhead
from cloister.features.completion.asking import Asker
from cloister.features.completion.cache import ShownSuggestions
from cloister.features.completion.candidate import Answer
from cloister.features.completion.endings import stopped, unknown_language, unsuitable_model
from cloister.features.completion.failing import explained
from cloister.features.completion.judging import worth_showing
from cloister.features.completion.latest import LatestRequests
from cloister.features.completion.result import CompletionResult
from cloister.features.completion.shape import shape_suggestion
from cloister.features.completion.stop import EnoughWatch
from cloister.features.completion.telling import Told
from cloister.observe.outcomes import OutcomeRing
from cloister.policy.trigger import Denial, decline_reason, denial_reason
from cloister.settings.settings import Settings

if TYPE_CHECKING:
    from cloister.features.completion.second_opinion import SecondOpinion


class CompletionFeature:
    """Serves completions from one backend; belongs to one event loop."""

    def __init__(
        self,
        backend: Backend,
        settings: Settings,
        outcomes: OutcomeRing,
        on_failure: Callable[[str], None] | None = None,
        workspaces: Workspaces | None = None,
        denial: Denial = lambda _path: None,
    ) -> None:
        self.model: str | None = None
        self._second: SecondOpinion | None = None
        self._settings = settings
        self._outcomes = outcomes
        self._on_failure = on_failure
        self._workspaces = workspaces
        self._denial = denial
        self._latest = LatestRequests()
        self._shown = ShownSuggestions()
        self._ahead = ReadingAhead(self._read)
        self._is_wanted = False
        self._preparing: asyncio.Future[None] | None = None
        self._use_backend(backend)

    def reconfigure(self, settings: Settings, backend: Backend | None = None) -> None:
        """Take other settings, and generate with `backend` from now on where one is given.

        Requests in flight are cancelled, and what was shown under other settings is forgotten.
        """
        self._latest.cancel_all()
        self._ahead.drop()
        if self._second is not None:
            self._second.begin_again()
        self._settings = settings
        self._shown = ShownSuggestions()
        if backend is not None:
            self._use_backend(backend)
            self._ahead.begin_again()
        if self._is_wanted:
            self.prepare()

    def consult(self, second: "SecondOpinion") -> None:
        """Have somebody else asked where the model here is not sure."""
        self._second = second

    def prepare(self) -> None:
        """Start the engine and load the model in the background, before the first key."""
        self._is_wanted = True
        if self._settings.enabled and self._preparing is None:
            self._preparing = asyncio.ensure_future(self._prepare())

    def supersede(self, uri: str) -> CancelToken:
        """Cancel the document's request in flight and return the token for the next one."""
        return self._latest.supersede(uri, self._settings.completion.deadline_ms)

    def forget(self, uri: str) -> None:
        """Cancel what the document waits for and drop what was shown in it."""
        self._latest.cancel(uri)
        self._shown.forget(uri)
        self._asker.telling.forget(uri)
        self._ahead.forget(uri)
        if self._second is not None:
            self._second.forget(uri)

    def edited(self, uri: str) -> None:
        """Take note that a document has another text."""
        if self._second is not None:
            self._second.drop(uri)

    def accepted(self, suggestion_id: str) -> None:
        """Have the place behind an accepted suggestion read before somebody types there."""
        self._ahead.accepted(suggestion_id)

    def viewed(self, document: DocumentSnapshot) -> None:
        """Have a document read again that somebody turns to, where they were before."""
        self._ahead.viewed(document)

    @property
    def read_ahead(self) -> Counts:
        """What was read before anybody asked."""
        return self._ahead.counts

    async def tell(self, request: CompletionRequest, snippet_tokens: int | None = None) -> Told:
        """Return what the model is told at a place, with room for so much of other files.

        Raises CloisterError when no model is there that could be told anything.
        """
        if (declined := denial_reason(request.document, self._denial)) is not None:
            raise CloisterError(declined.reason)
        description = await self._backend.describe()
        family = family_of(description)
        if family is None:
            raise ModelError(unsuitable_model(description).reason)
        budget = self._asker.budget_for(description, self._settings, snippet_tokens)
        render = partial(family.render, description=description)
        return await self._asker.telling.told(request, budget, self._settings.context, render)

    async def complete(self, request: CompletionRequest, cancel: CancelToken) -> CompletionResult:
        """Return the suggestion for `request`, or none and why; raises only CancelledError."""
        declined: Outcome | None = None
        try:
            declined = self._declined(request)
            result = self._nothing(declined) if declined else await self._complete(request, cancel)
        except asyncio.CancelledError:
            self._outcomes.record(Outcome(OutcomeKind.CANCELLED), Timings())
            raise
        except StoppedError:
            result = self._nothing(stopped(cancel))
        except Exception as error:  # noqa: BLE001  # a bug here must not disturb who types
            result = self._nothing(Outcome(OutcomeKind.FAILED, self._explain(error)))
        self._outcomes.record(result.outcome, result.timings)
        is_waited_for = result.outcome.kind is not OutcomeKind.CANCELLED
        if self._second is not None and declined is None and is_waited_for:
            self._second.consider(request, result.answer, self._shown.remember)
        return result

    def _use_backend(self, backend: Backend) -> None:
        if self._preparing is not None:
            self._preparing.cancel()
        self.model = self._preparing = None
        self._backend = backend
        self._asker = Asker(backend, self._workspaces)

    async def _prepare(self) -> None:
        try:
            self.model = (await self._backend.describe()).name
        except Exception as error:  # noqa: BLE001  # nobody waits for this task
            self._explain(error)

    def _explain(self, error: Exception) -> str:
        """Return what to say about a failure, and tell the person where they can do something."""
        explanation = explained(error)
        is_lasting = isinstance(error, CloisterError) and not isinstance(error, PassingError)
        if self._on_failure is not None and is_lasting:
            self._on_failure(explanation)
        return explanation

    def _declined(self, request: CompletionRequest) -> Outcome | None:
        """Return why nobody is asked at a place; None where somebody is."""
        self._ahead.asked(request)
        if not self._settings.enabled:
            return Outcome(OutcomeKind.DECLINED, "Completions are switched off.")
        return denial_reason(request.document, self._denial) or decline_reason(request)

    async def _complete(self, request: CompletionRequest, cancel: CancelToken) -> CompletionResult:
        if (rest := self._shown.rest(request)) is not None:
            return self._shown_result(request, rest, Timings())
        model = await self._model_for(request.document, cancel)
        if isinstance(model, Outcome):
            return self._nothing(model)
        result = await self._suggest(request, model, cancel)
        if result.answer is not None:
            self._shown.remember(request, result.answer)
        return result

    async def _model_for(
        self, document: DocumentSnapshot, cancel: CancelToken
    ) -> tuple[ModelDescription, Family] | Outcome:
        """Return the model and its family, or why it has nothing to say in this document."""
        description = await unless_stopped(self._backend.describe(), cancel)
        self.model = description.name
        family = family_of(description)
        if family is None:
            return unsuitable_model(description)
        return unknown_language(document.language_id, family) or (description, family)

    async def _read(self, request: CompletionRequest, cancel: CancelToken) -> int:
        """Have the prompt for a place read and nothing written; return the evaluated tokens."""
        document = request.document
        # Elsewhere reading costs money, and text leaves the machine.
        if not self._settings.enabled or self._backend.name != LOCAL:
            return 0
        if denial_reason(document, self._denial) or decline_reason(request):
            return 0
        model = await self._model_for(document, cancel)
        if isinstance(model, Outcome):
            return 0
        question = await self._asker.question(request, model, self._settings, cancel)
        reading = replace(
            question.request, max_tokens=0, priority=Priority.WARM_UP, surroundings=None
        )
        generation = await self._backend.generate(reading, lambda _chunk: False, cancel)
        return generation.timings.evaluated_tokens

    async def _suggest(
        self,
        request: CompletionRequest,
        model: tuple[ModelDescription, Family],
        cancel: CancelToken,
    ) -> CompletionResult:
        settings = self._settings.completion
        question = await self._asker.question(request, model, self._settings, cancel)
        place, context = question.place, question.context
        generation = await self._backend.generate(
            question.request, EnoughWatch(place, settings.min_confidence), cancel
        )
        if generation.finish is Finish.CANCELLED or cancel.cancelled:
            return self._nothing(Outcome(OutcomeKind.CANCELLED), generation.timings)
        if generation.finish is Finish.DEADLINE:
            return self._nothing(stopped(cancel), generation.timings)
        answer = worth_showing(place, context, generation, settings.min_confidence)
        if isinstance(answer, Outcome):
            return self._nothing(answer, generation.timings)
        return self._shown_result(request, answer, generation.timings)

    def _shown_result(
        self, request: CompletionRequest, answer: Answer, timings: Timings
    ) -> CompletionResult:
        suggestion = shape_suggestion(request, answer)
        self._ahead.offered(request, suggestion)
        outcome, backend = Outcome(OutcomeKind.SHOWN), self._backend.name
        return CompletionResult((suggestion,), outcome, self.model, backend, timings, answer)

    def _nothing(self, outcome: Outcome, timings: Timings | None = None) -> CompletionResult:
        return CompletionResult((), outcome, self.model, self._backend.name, timings or Timings())
