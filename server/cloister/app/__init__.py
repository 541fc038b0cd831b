"""The composition root: builds every object once, in order."""

from pathlib import Path

from cloister.app.backends import MakeBackend, action_backend, local_backend
from cloister.app.escalation import build_escalation
from cloister.app.window import Window
from cloister.backends.base import Backend
from cloister.context.workspaces import Workspaces, stored_index
from cloister.egress.client import EgressLink
from cloister.engine.sandbox import Isolation
from cloister.features.completion.complete import CompletionFeature
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.possibility import Backends
from cloister.features.editing.routed import RoutedActions
from cloister.observe.outcomes import OutcomeRing
from cloister.policy.decide import current_policy
from cloister.protocol.session import Services
from cloister.settings.settings import Settings
from cloister.workspace.documents import DocumentStore

__all__ = ["MakeBackend", "build_actions", "build_completion", "build_services", "local_backend"]


def build_completion(settings: Settings) -> tuple[CompletionFeature, Backend]:
    """Return what one completion on the command line needs; the caller closes the backend."""
    backend = local_backend(settings, lambda _fraction: None)
    workspaces = Workspaces(stored_index)
    denial = current_policy(lambda: settings.privacy).denial
    return CompletionFeature(backend, settings, OutcomeRing(), None, workspaces, denial), backend


def build_actions(
    settings: Settings, egress: EgressLink | None, root: Path
) -> tuple[ActionFeature, Backends]:
    """Return what one code action on the command line needs; the caller closes both."""
    completion = local_backend(settings, lambda _fraction: None)
    backends = Backends(completion, action_backend(settings, completion, local_backend))
    policy = current_policy(lambda: settings.privacy)
    escalation = build_escalation(egress, policy, lambda: settings, lambda: [root])
    workspaces = Workspaces(stored_index)
    return RoutedActions(backends, settings, workspaces, policy.denial, escalation), backends


def build_services(
    make_backend: MakeBackend, isolation: Isolation, egress: EgressLink | None = None
) -> Services:
    """Return everything one editor window needs; `isolation` is what this process achieved.

    `egress` was started before that, None where nothing may leave.
    """
    window = Window(make_backend, isolation, egress)
    return Services(
        documents=DocumentStore(),
        completion=window.completion,
        folders=window.folders,
        workspaces=window.workspaces,
        actions=window.actions,
        accepted=window.accepted,
        status=window.status,
        configure=window.configure,
        follow_user_file=window.follow_user_file,
        listen=window.listen,
        follow_services=window.second.listen,
        close=window.close,
    )
