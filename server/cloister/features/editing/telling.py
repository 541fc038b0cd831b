"""What models are told about a place of an action: each by its own measure."""

from cloister.backends.base import ChatBackend
from cloister.backends.estimate import EstimatedTokens
from cloister.context.workspaces import Workspaces
from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.context import CompletionContext
from cloister.core.errors import CloisterError
from cloister.core.model import ModelDescription
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Span
from cloister.families import family_of
from cloister.features.completion.telling import Telling
from cloister.features.editing.filling import Filler
from cloister.features.editing.place import Place
from cloister.features.editing.possibility import NEEDS_INFILLING, Backends
from cloister.features.editing.steps import (
    LOADING,
    READING_FILE,
    READING_OTHERS,
    Step,
    Watch,
    Writing,
)
from cloister.features.escalation.escalate import Service
from cloister.policy.budget import Budget, Limits, plan_budget
from cloister.settings.settings import Settings

DEADLINE_MS = 120_000


class ActionTelling:
    """Finds what is told; belongs to one event loop."""

    def __init__(self, backends: Backends, workspaces: Workspaces | None) -> None:
        self._backends = backends
        self._completion = Telling(backends.completion, workspaces)
        self._action = Telling(backends.action, workspaces)
        self._service = Telling(EstimatedTokens(), workspaces)

    async def filler(self, settings: Settings, watch: Watch, cancel: CancelToken) -> Filler:
        """Return who fills holes; raises CloisterError when the model cannot."""
        backend = self._backends.completion
        description = await unless_stopped(described(backend, watch), cancel)
        family = family_of(description)
        if family is None:
            raise CloisterError(NEEDS_INFILLING)
        budget = _budget(settings, description, backend)
        watch(Step(READING_FILE))
        return Filler(backend, self._completion, family, budget, settings.context, Writing(watch))

    async def context(
        self, span: Span, place: Place, service: Service | None, settings: Settings, watch: Watch
    ) -> CompletionContext:
        """Return what is told about a span; to a service measured without any model."""
        if service is None:
            telling, backend = self._action, self._backends.action
            budget = _budget(settings, await described(backend, watch), backend)
        else:
            telling, most_tokens = self._service, settings.completion.max_tokens
            limits = Limits(service.context_tokens, most_tokens, DEADLINE_MS)
            budget = plan_budget(limits, None, None)
        watch(Step(READING_OTHERS))
        request = CompletionRequest(place.read.document, span.start, Trigger.INVOKED, place.root)
        return await telling.context(request, budget, settings.context)

    def close(self) -> None:
        """Stop searching."""
        for telling in (self._completion, self._action, self._service):
            telling.close()


async def described(backend: ChatBackend, watch: Watch) -> ModelDescription:
    """Return a model's description, which loads it where it is not loaded yet."""
    if backend.placement is None:
        watch(Step(LOADING))
    return await backend.describe()


def _budget(settings: Settings, description: ModelDescription, backend: ChatBackend) -> Budget:
    limits = Limits(description.context_tokens, settings.completion.max_tokens, DEADLINE_MS)
    return plan_budget(limits, backend.speed, None)
