"""The settings as the rest of cloister sees them: complete, checked, frozen."""

from dataclasses import dataclass, field
from enum import StrEnum

from cloister.core.privacy import Level
from cloister.settings.actions import ActionSettings
from cloister.settings.checks import CheckSettings


@dataclass(frozen=True, slots=True)
class CompletionSettings:
    """How completions are made and which are shown.

    `min_confidence` is the least probability of a line (0 to 1) that is shown; `deadline_ms`
    bounds one request from the moment it arrives.
    """

    max_tokens: int = 96
    min_confidence: float = 0.2
    multiline: bool = True
    deadline_ms: int = 5000


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """What of other files the model is told; `disabled` names sources, with commas between them."""

    disabled: str = ""

    @property
    def disabled_sources(self) -> frozenset[str]:
        """The names of the sources that are switched off."""
        return frozenset(filter(None, (name.strip() for name in self.disabled.split(","))))


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the shared engine runs; `threads` 0 means as many as this process may use."""

    idle_seconds: int = 60
    threads: int = 0


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """How far text may go by the user's own word.

    `level`, `loopback` and `secrets` come from the user's file alone. Under local-only, `loopback`
    permits servers on this machine. `secrets` is `block` or `redact`. `local_only` is an editor's
    say, which can only be stricter.
    """

    level: str = Level.LOCAL_ONLY.label
    loopback: bool = False
    secrets: str = "block"
    local_only: bool = False


COMPLETION = "completion"
"""The task of completing at the cursor, among the names of code actions."""


class RoutingMode(StrEnum):
    """When services are asked: never, when somebody chooses to, or also by itself."""

    NEVER = "never"
    ASK = "ask"
    LOW_CONFIDENCE = "low-confidence"


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """When a service is asked; all of it comes from the user's file alone.

    With `mode` low-confidence the service `backend` is asked by itself for `tasks`: for completions
    (`completion`) of which the model here is less sure than `confidence` (0 to 1), and for code
    actions, by name, that it cannot do.
    """

    mode: str = RoutingMode.ASK.value
    backend: str = ""
    tasks: tuple[str, ...] = ()
    confidence: float = 0.3

    def service_for(self, task: str) -> str:
        """Return the backend that is asked by itself for a task; empty when there is none."""
        is_routed = self.mode == RoutingMode.LOW_CONFIDENCE and task in self.tasks
        return self.backend if is_routed else ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can choose.

    `model` None means the bundled one, `action_model` None the one that completes;
    `require_isolation` demands that the kernel keeps every process of ours off the network.
    `actions` and `checks` come from the user's file alone.
    """

    enabled: bool = True
    model: str | None = None
    action_model: str | None = None
    log_level: str = "info"
    require_isolation: bool = False
    completion: CompletionSettings = field(default_factory=CompletionSettings)
    context: ContextSettings = field(default_factory=ContextSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    routing: RoutingSettings = field(default_factory=RoutingSettings)
    actions: tuple[ActionSettings, ...] = ()
    checks: tuple[CheckSettings, ...] = ()
