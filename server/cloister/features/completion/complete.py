"""One completion from request to suggestion: decide, gather, generate, filter, explain.

Every request ends in exactly one outcome, and nothing but cancellation leaves as an exception:
a person who types must never see an error because a suggestion failed.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cloister.backends.base import Backend
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.errors import CloisterError, ModelError, PassingError
from cloister.core.generation import Finish, GenerationRequest, Timings
from cloister.core.model import ModelDescription
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.suggestion import Suggestion
from cloister.families import Family, family_of
from cloister.features.completion.cache import ShownSuggestions
from cloister.features.completion.candidate import Candidate, Dropped
from cloister.features.completion.endings import EMPTY, stopped, unknown_language, unsuitable_model
from cloister.features.completion.filters import apply_filters
from cloister.features.completion.latest import LatestRequests
from cloister.features.completion.shape import shape_suggestion
from cloister.features.completion.stop import EnoughWatch, place_at, wanted_text
from cloister.features.completion.telling import Telling, Told
from cloister.observe.outcomes import OutcomeRing
from cloister.policy.budget import Budget, Limits, plan_budget
from cloister.policy.trigger import decline_reason
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_for_id

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CompletionResult:
    """The suggestions (at most one today), how the request ended, and what it cost."""

    suggestions: tuple[Suggestion, ...]
    outcome: Outcome
    model: str | None
    backend: str
    timings: Timings


class CompletionFeature:
    """Serves completions from one backend; belongs to one event loop."""

    def __init__(
        self,
        backend: Backend,
        settings: Settings,
        outcomes: OutcomeRing,
        on_failure: Callable[[str], None] | None = None,
        workspaces: Workspaces | None = None,
    ) -> None:
        self.model: str | None = None
        self._settings = settings
        self._outcomes = outcomes
        self._on_failure = on_failure
        self._workspaces = workspaces
        self._latest = LatestRequests()
        self._shown = ShownSuggestions()
        self._is_wanted = False
        self._preparing: asyncio.Future[None] | None = None
        self._use_backend(backend)

    def reconfigure(self, settings: Settings, backend: Backend | None = None) -> None:
        """Take other settings, and generate with `backend` from now on where one is given.

        Requests in flight are cancelled, and what was shown under other settings is forgotten.
        """
        self._latest.cancel_all()
        self._settings = settings
        self._shown = ShownSuggestions()
        if backend is not None:
            self._use_backend(backend)
        if self._is_wanted:
            self.prepare()

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
        self._telling.forget(uri)

    async def tell(self, request: CompletionRequest, snippet_tokens: int | None = None) -> Told:
        """Return what the model is told at a place, with room for so much of other files.

        Raises CloisterError when no model is there that could be told anything.
        """
        description = await self._backend.describe()
        family = family_of(description)
        if family is None:
            raise ModelError(unsuitable_model(description).reason)
        budget = self._budget_for(description, snippet_tokens)
        render = partial(family.render, description=description)
        return await self._telling.told(request, budget, self._settings.context, render)

    async def complete(self, request: CompletionRequest, cancel: CancelToken) -> CompletionResult:
        """Return the suggestion for `request`, or none and why; raises only CancelledError."""
        try:
            result = await self._complete(request, cancel)
        except asyncio.CancelledError:
            self._outcomes.record(Outcome(OutcomeKind.CANCELLED), Timings())
            raise
        except StoppedError:
            result = self._nothing(stopped(cancel))
        except Exception as error:  # noqa: BLE001  # a bug here must not disturb who types
            result = self._nothing(Outcome(OutcomeKind.FAILED, self._explain(error)))
        self._outcomes.record(result.outcome, result.timings)
        return result

    def _use_backend(self, backend: Backend) -> None:
        if self._preparing is not None:
            self._preparing.cancel()
        self.model = self._preparing = None
        self._backend = backend
        self._telling = Telling(backend, self._workspaces)
        self._budget: Budget | None = None

    async def _prepare(self) -> None:
        try:
            self.model = (await self._backend.describe()).name
        except Exception as error:  # noqa: BLE001  # nobody waits for this task
            self._explain(error)

    def _explain(self, error: Exception) -> str:
        """Return what to say about a failure, and tell the person where they can do something."""
        if not isinstance(error, CloisterError):
            _LOGGER.error("completion failed: %s", _place_of(error))
            return f"An internal error ({type(error).__name__}); the log says where."
        if self._on_failure is not None and not isinstance(error, PassingError):
            self._on_failure(str(error))
        return str(error)

    async def _complete(self, request: CompletionRequest, cancel: CancelToken) -> CompletionResult:
        if not self._settings.enabled:
            return self._nothing(Outcome(OutcomeKind.DECLINED, "Completions are switched off."))
        if (declined := decline_reason(request)) is not None:
            return self._nothing(declined)
        document = request.document
        before, after = document.text.value[: request.offset], document.text.value[request.offset :]
        if (rest := self._shown.rest(document.uri, before, after)) is not None:
            return self._shown_result(request, rest, Timings())
        description = await unless_stopped(self._backend.describe(), cancel)
        self.model = description.name
        family = family_of(description)
        if family is None:
            return self._nothing(unsuitable_model(description))
        if (declined := unknown_language(document.language_id, family)) is not None:
            return self._nothing(declined)
        result = await self._suggest(request, description, family, cancel)
        if result.suggestions:
            suggestion = result.suggestions[0]
            inserted = suggestion.text[request.offset - suggestion.span.start :]
            self._shown.remember(document.uri, before, after, inserted)
        return result

    async def _suggest(
        self,
        request: CompletionRequest,
        description: ModelDescription,
        family: Family,
        cancel: CancelToken,
    ) -> CompletionResult:
        settings, document = self._settings.completion, request.document
        budget = self._plan_budget(description)
        if budget.delay_ms and request.trigger is Trigger.AUTOMATIC:
            await unless_stopped(asyncio.sleep(budget.delay_ms / 1000), cancel)
        context = await unless_stopped(
            self._telling.context(request, budget, self._settings.context), cancel
        )
        place = place_at(
            document.text,
            request.offset,
            language_for_id(document.language_id),
            multiline=settings.multiline,
        )
        generation_request = GenerationRequest(
            prompt=family.render(context, description),
            max_tokens=budget.answer_tokens,
            stop=(*family.stops, "\n") if place.is_single_line else family.stops,
            hypotheses=family.hypotheses,
            surroundings=self._telling.surroundings(request, context.window, family),
            document=document.uri,
        )
        generation = await self._backend.generate(
            generation_request, EnoughWatch(place, settings.min_confidence), cancel
        )
        if generation.finish is Finish.CANCELLED or cancel.cancelled:
            return self._nothing(Outcome(OutcomeKind.CANCELLED), generation.timings)
        if generation.finish is Finish.DEADLINE:
            return self._nothing(stopped(cancel), generation.timings)
        candidate = Candidate(
            text=wanted_text(place, generation),
            chunks=generation.chunks,
            before=context.prefix,
            after=context.suffix,
            min_confidence=settings.min_confidence,
        )
        return self._judge(request, candidate, generation.timings)

    def _plan_budget(self, description: ModelDescription) -> Budget:
        self._budget = self._budget_for(description)
        return self._budget

    def _budget_for(
        self, description: ModelDescription, snippet_tokens: int | None = None
    ) -> Budget:
        settings, context_tokens = self._settings.completion, description.context_tokens
        limits = Limits(context_tokens, settings.max_tokens, settings.deadline_ms, snippet_tokens)
        return plan_budget(limits, self._backend.speed, self._budget)

    def _judge(
        self, request: CompletionRequest, candidate: Candidate, timings: Timings
    ) -> CompletionResult:
        if not candidate.text.strip():
            return self._nothing(EMPTY, timings)
        filtered = apply_filters(candidate)
        if isinstance(filtered, Dropped):
            return self._nothing(Outcome(OutcomeKind.DROPPED, filtered.reason), timings)
        if not filtered.text.strip():
            return self._nothing(EMPTY, timings)
        return self._shown_result(request, filtered.text, timings)

    def _shown_result(
        self, request: CompletionRequest, inserted: str, timings: Timings
    ) -> CompletionResult:
        suggestion = shape_suggestion(request, inserted)
        outcome = Outcome(OutcomeKind.SHOWN)
        return CompletionResult((suggestion,), outcome, self.model, self._backend.name, timings)

    def _nothing(self, outcome: Outcome, timings: Timings | None = None) -> CompletionResult:
        return CompletionResult((), outcome, self.model, self._backend.name, timings or Timings())


def _place_of(error: BaseException) -> str:
    """Return the error's type and where it was raised; its message could hold source text."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} in {' > '.join(frames[-4:])}"
