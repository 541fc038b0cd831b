"""The objects of one editor window, and when a change of settings needs others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from cloister import __version__
from cloister.app.backends import MakeBackend, action_backend
from cloister.app.escalation import build_escalation
from cloister.backends.base import Backend, ChatBackend
from cloister.context.workspaces import Workspaces, kept_index
from cloister.core.errors import BackendUnavailableError, CloisterError, SettingsError
from cloister.core.outcome import OutcomeKind
from cloister.egress.client import EgressLink
from cloister.engine.graphics import idle_graphics_hint, placement_text
from cloister.engine.sandbox import Isolation, require_kernel
from cloister.features.completion.complete import CompletionFeature
from cloister.features.completion.second_opinion import SecondOpinion
from cloister.features.editing.configured import actions_with
from cloister.features.editing.possibility import Backends
from cloister.features.editing.routed import RoutedActions
from cloister.features.escalation.routing import routing_problems
from cloister.models.catalogue import model_title, resolve_model
from cloister.observe.log import configure_logging
from cloister.observe.outcomes import OutcomeRing
from cloister.policy.decide import current_policy, user_privacy
from cloister.policy.privacy import layer_facts
from cloister.protocol.extensions import State
from cloister.protocol.session import LoadingEvent
from cloister.settings.backends import read_backends
from cloister.settings.resolve import resolve_settings
from cloister.settings.settings import COMPLETION, PrivacySettings, Settings
from cloister.settings.user_file import read_user_file, user_file_path
from cloister.settings.user_file_watch import watch_user_file
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.folders import WorkspaceFolders

_OUTCOMES_REPORTED = 10


class Window:
    """The objects of one editor window, and which of them a change of settings replaces."""

    def __init__(
        self, make_backend: MakeBackend, isolation: Isolation, egress: EgressLink | None
    ) -> None:
        self._make_backend = make_backend
        self._isolation = isolation
        self._listeners: list[Callable[[LoadingEvent], None]] = []
        self._user_file = user_file_path(current_user_folders())
        # Read before anybody asks: what was forbidden once stays so.
        self._settings = Settings(privacy=user_privacy(self._user_file))
        self._user_settings = self._wanted = self._settings
        self._options: object = None
        self._on_problems: Callable[[Sequence[str]], None] = lambda _problems: None
        self._watch: asyncio.Future[None] | None = None
        self._state = State.READY
        self._outcomes = OutcomeRing()
        self._closing: set[asyncio.Future[None]] = set()
        self._backend = make_backend(self._settings, self._on_loading)
        self.folders = WorkspaceFolders()
        self._privacy = current_policy(
            lambda: self._settings.privacy,
            lambda problems: self._on_problems(problems),  # noqa: PLW0108  # who hears changes
        )
        self.workspaces = Workspaces(kept_index, self._privacy.is_denied)
        self.completion = CompletionFeature(
            self._backend,
            self._settings,
            self._outcomes,
            self._on_failure,
            self.workspaces,
            self._privacy.denial,
        )
        self._action_backend = self._backend
        self._escalation = build_escalation(
            egress, self._privacy, lambda: self._settings, lambda: self.folders.paths
        )
        self.second = SecondOpinion(self._escalation, lambda: self._settings, self.workspaces)
        self.completion.consult(self.second)
        self.actions = RoutedActions(
            Backends(self._backend, self._action_backend),
            self._settings,
            self.workspaces,
            self._privacy.denial,
            self._escalation,
        )

    def configure(self, options: object) -> tuple[str, ...]:
        """Take new options; returns one sentence for each that cannot be used."""
        self._options = options
        settings, problems = resolve_settings(options, self._user_settings)
        return (*problems, *self._change(settings))

    def follow_user_file(self, on_problems: Callable[[Sequence[str]], None]) -> None:
        """Use the user's settings file, now and after its changes; one sentence per problem."""

        def follow() -> None:
            on_problems(self._read_user_file())

        follow()
        self._on_problems = on_problems
        self._privacy.for_folders(self.folders.paths)
        self._escalation.shut_if_forbidden()
        self._watch = asyncio.ensure_future(watch_user_file(self._user_file, follow))

    def accepted(self, suggestion_id: str) -> None:
        """Count an accepted suggestion, and go on from there."""
        self._outcomes.record_acceptance()
        self.completion.accepted(suggestion_id)

    def status(self) -> dict[str, Any]:
        """Return what `cloister.status` answers: how we are and how the last requests ended."""
        outcomes = [
            {
                "kind": record.outcome.kind.value,
                "reason": record.outcome.reason,
                **asdict(record.timings),
            }
            for record in self._outcomes.recent(_OUTCOMES_REPORTED)
        ]
        return {
            "version": __version__,
            "state": self._current_state().value,
            "model": self._model(),
            "backend": self._backend.name,
            "hardware": placement_text(self._backend.placement, self._backend.speed),
            "graphics_hint": idle_graphics_hint(),
            "isolation": self._isolation.level.value,
            "isolation_reason": self._isolation.reason,
            "routing": asdict(self._settings.routing) | {"note": self.second.note},
            "privacy": layer_facts(self._privacy.for_folders(self.folders.paths).decided_by),
            "counts": self._outcomes.counts(),
            "outcomes": outcomes,
        }

    def listen(self, listener: Callable[[LoadingEvent], None]) -> None:
        """Tell `listener` about loading and failures from now on."""
        self._listeners.append(listener)
        listener(LoadingEvent(self._state, self._model()))

    async def close(self) -> None:
        """Close every backend; the engine itself lives on for other windows."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        open_backends = {self._backend, self._action_backend}
        await asyncio.gather(
            *(backend.close() for backend in open_backends),
            self.second.close(),
            self.workspaces.close(),
            *self._closing,
        )

    def _read_user_file(self) -> tuple[str, ...]:
        try:
            self._user_settings, problems = read_user_file(self._user_file)
            problems = (*problems, *self._routing_problems())
        except SettingsError as error:
            # What was read before stays in force, but permits nothing any more.
            self._user_settings = replace(self._user_settings, privacy=PrivacySettings())
            problems = (str(error),)
        settings, _ = resolve_settings(self._options, self._user_settings)
        # What is as it was has been tried, and what is wrong with it has been said.
        return problems if settings == self._wanted else (*problems, *self._change(settings))

    def _routing_problems(self) -> list[str]:
        actions = (action.name for action in actions_with(self._user_settings.actions))
        backends, _ = read_backends(self._user_file)
        problems = routing_problems(
            self._user_settings.routing, {COMPLETION, *actions}, backends.keys()
        )
        return [f"{self._user_file}: {problem}" for problem in problems]

    def _change(self, settings: Settings) -> tuple[str, ...]:
        """Put settings in force; returns one sentence for each that cannot be used."""
        self._wanted = settings
        problems: tuple[str, ...] = ()
        configure_logging(settings.log_level)
        try:
            if settings.require_isolation:
                require_kernel(self._isolation.level, self._isolation.reason)
        except BackendUnavailableError as error:
            settings = replace(settings, enabled=False)
            # Said once, and not again at every other change of the settings.
            problems = () if self._settings.require_isolation else (str(error),)
        current, backend = self._settings, None
        if _backend_settings(settings) != _backend_settings(current):
            try:
                backend = self._make_backend(settings, self._on_loading)
            except CloisterError as error:
                # The rest of the options still counts, above all that completions are off.
                settings = replace(settings, model=current.model, engine=current.engine)
                problems = (*problems, str(error))
        if settings.action_model != current.action_model:
            try:
                resolve_model(settings.action_model)
            except SettingsError as error:
                settings = replace(settings, action_model=current.action_model)
                problems = (*problems, str(error))
        if settings != current:
            self._use(settings, backend)
        return problems

    def _use(self, settings: Settings, backend: ChatBackend | None) -> None:
        is_other = backend is not None or settings.action_model != self._settings.action_model
        self._settings = settings
        self.completion.reconfigure(settings, backend)
        retired = {self._backend, self._action_backend}
        self._backend = backend or self._backend
        if is_other:
            self._action_backend = action_backend(settings, self._backend, self._make_backend)
        self._escalation.shut_if_forbidden()
        self.actions.reconfigure(settings, Backends(self._backend, self._action_backend))
        for unused in retired - {self._backend, self._action_backend}:
            self._retire(unused)
        self._tell(LoadingEvent(State.READY if settings.enabled else State.OFF, self._model()))

    def _model(self) -> str:
        return self.completion.model or model_title(self._settings.model)

    def _on_loading(self, fraction: float) -> None:
        state = State.READY if fraction >= 1 else State.LOADING
        self._tell(LoadingEvent(state, self._model(), fraction=fraction))

    def _on_failure(self, message: str) -> None:
        self._tell(LoadingEvent(State.ERROR, self._model(), message))

    def _current_state(self) -> State:
        last = self._outcomes.last
        if self._state is State.ERROR and last and last.outcome.kind is not OutcomeKind.FAILED:
            return State.READY
        return self._state

    def _tell(self, event: LoadingEvent) -> None:
        self._state = event.state
        for listener in self._listeners:
            listener(event)

    def _retire(self, backend: Backend) -> None:
        closing = asyncio.ensure_future(_closed(backend.close()))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)


def _backend_settings(settings: Settings) -> tuple[object, ...]:
    """Return the settings of which another value needs another backend."""
    return settings.model, settings.engine, settings.require_isolation


async def _closed(close: Awaitable[None]) -> None:
    await close
