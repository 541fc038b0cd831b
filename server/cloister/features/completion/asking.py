"""What a model is asked for at a place: one prompt within one budget, whoever wants it."""

import asyncio
from dataclasses import dataclass

from cloister.backends.base import Backend
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.context import CompletionContext
from cloister.core.generation import GenerationRequest
from cloister.core.model import ModelDescription
from cloister.core.request import CompletionRequest, Trigger
from cloister.families import Family
from cloister.features.completion.stop import Place, place_at
from cloister.features.completion.telling import Telling
from cloister.policy.budget import Budget, Limits, plan_budget
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_for_id


@dataclass(frozen=True, slots=True)
class Question:
    """A place, what the model is told there, and the request that goes to the backend."""

    place: Place
    context: CompletionContext
    request: GenerationRequest


class Asker:
    """Asks one backend; remembers its budget, so that a window keeps its size."""

    def __init__(self, backend: Backend, workspaces: Workspaces | None) -> None:
        self.telling = Telling(backend, workspaces)
        self._backend = backend
        self._budget: Budget | None = None

    async def question(
        self,
        request: CompletionRequest,
        model: tuple[ModelDescription, Family],
        settings: Settings,
        cancel: CancelToken,
    ) -> Question:
        """Return what to ask for; waits for a pause in typing where the model needs one.

        Raises StoppedError when `cancel` stops first.
        """
        (description, family), completion = model, settings.completion
        budget = self._budget = self.budget_for(description, settings)
        if budget.delay_ms and request.trigger is Trigger.AUTOMATIC:
            await unless_stopped(asyncio.sleep(budget.delay_ms / 1000), cancel)
        context = await unless_stopped(
            self.telling.context(request, budget, settings.context), cancel
        )
        document = request.document
        language = language_for_id(document.language_id)
        place = place_at(document.text, request.offset, language, multiline=completion.multiline)
        generation_request = GenerationRequest(
            prompt=family.render(context, description),
            max_tokens=budget.answer_tokens,
            stop=(*family.stops, "\n") if place.is_single_line else family.stops,
            hypotheses=family.hypotheses,
            surroundings=self.telling.surroundings(request, context.window, family),
            document=document.uri,
        )
        return Question(place, context, generation_request)

    def budget_for(
        self, description: ModelDescription, settings: Settings, snippet_tokens: int | None = None
    ) -> Budget:
        """Return how much a prompt and its answer may take now."""
        completion, context_tokens = settings.completion, description.context_tokens
        limits = Limits(
            context_tokens, completion.max_tokens, completion.deadline_ms, snippet_tokens
        )
        return plan_budget(limits, self._backend.speed, self._budget)
