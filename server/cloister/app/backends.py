"""Which backends there are, by the settings; none starts anything before it is asked."""

from collections.abc import Callable
from dataclasses import replace

from cloister.backends.base import ChatBackend, OnLoading
from cloister.models.catalogue import resolve_model
from cloister.observe.usage import UsageRecord
from cloister.settings.settings import Settings
from cloister.settings.user_folders import current_user_folders

MakeBackend = Callable[[Settings, OnLoading], ChatBackend]


def local_backend(settings: Settings, on_loading: OnLoading) -> ChatBackend:
    """Return the backend that speaks to the engine process; nothing is started yet."""
    from cloister.backends.local import EngineOptions, LocalBackend
    from cloister.backends.metered import MeteredBackend

    model = resolve_model(settings.model)
    options = EngineOptions(
        idle_seconds=settings.engine.idle_seconds,
        n_threads=settings.engine.threads or None,
        require_isolation=settings.require_isolation,
    )
    backend = LocalBackend(model.path, model.sha256, options, on_loading=on_loading)
    return MeteredBackend(backend, UsageRecord.below(current_user_folders().state).add)


def action_backend(
    settings: Settings, completion: ChatBackend, make_backend: MakeBackend
) -> ChatBackend:
    """Return who follows instructions: who completes, unless another model was chosen."""
    if settings.action_model in (None, settings.model):
        return completion
    return make_backend(replace(settings, model=settings.action_model), lambda _fraction: None)
