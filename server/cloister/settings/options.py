"""The options a client may send: name on the wire, where it goes, and what values it takes.

This table is the single list of options; editors' schemas and the README are checked against it.
"""

from dataclasses import dataclass

from cloister.core.privacy import Level
from cloister.settings.settings import RoutingMode


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `field` is the dotted path in Settings, `low` and `high` bound numbers.

    One that `only_tightens` is on when any source turns it on: no other can turn it off.
    """

    name: str
    field: str
    type: type
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    only_tightens: bool = False


OPTIONS: tuple[Option, ...] = (
    Option("enabled", "enabled", bool, "Whether completions are offered."),
    Option("model", "model", str, "A model's name or the path of a `.gguf` file; empty: bundled."),
    Option(
        "actionModel",
        "action_model",
        str,
        "The model for code actions, by name or path; empty: the one that completes.",
    ),
    Option(
        "logLevel",
        "log_level",
        str,
        "How much the server writes to its log; never source text.",
        choices=("error", "warning", "info", "debug"),
    ),
    Option(
        "requireIsolation",
        "require_isolation",
        bool,
        "Whether to refuse to work where the kernel does not keep us off the network.",
        only_tightens=True,
    ),
    Option(
        "localOnly",
        "privacy.local_only",
        bool,
        "Whether nothing may leave this machine, whatever else permits it.",
        only_tightens=True,
    ),
    Option(
        "completion.maxTokens",
        "completion.max_tokens",
        int,
        "The longest completion, in tokens.",
        low=1,
        high=512,
    ),
    Option(
        "completion.minConfidence",
        "completion.min_confidence",
        float,
        "How sure the model must be before a suggestion is shown.",
        low=0,
        high=1,
    ),
    Option(
        "completion.multiline",
        "completion.multiline",
        bool,
        "Whether a completion may have several lines.",
    ),
    Option(
        "completion.deadlineMs",
        "completion.deadline_ms",
        int,
        "The longest wait for one completion, in milliseconds.",
        low=50,
        high=60000,
    ),
    Option(
        "context.disabled",
        "context.disabled",
        str,
        "Sources of context that are not used, with commas between their names.",
    ),
    Option(
        "engine.idleSeconds",
        "engine.idle_seconds",
        int,
        "How long the engine stays after its last editor has gone.",
        low=0,
        high=86400,
    ),
    Option(
        "engine.threads",
        "engine.threads",
        int,
        "Processor threads for the model; 0: as many as it may use.",
        low=0,
        high=1024,
    ),
)

USER_FILE_OPTIONS: tuple[Option, ...] = (
    *OPTIONS,
    Option(
        "privacy.level",
        "privacy.level",
        str,
        "How far text may go where nothing else is stricter.",
        choices=tuple(level.label for level in Level),
    ),
    Option(
        "privacy.loopback",
        "privacy.loopback",
        bool,
        "Whether servers on this machine may be asked even where nothing may leave it.",
    ),
    Option(
        "privacy.secrets",
        "privacy.secrets",
        str,
        "What becomes of text with what looks like a secret: it is held back, or that taken out.",
        choices=("block", "redact"),
    ),
    Option(
        "routing.mode",
        "routing.mode",
        str,
        "When services are asked: never, when you choose one, or also where the model here is "
        "not sure.",
        choices=tuple(RoutingMode),
    ),
    Option("routing.backend", "routing.backend", str, "The service that is asked by itself."),
    Option(
        "routing.tasks",
        "routing.tasks",
        tuple,
        "For what it is asked by itself: `completion`, and names of code actions.",
    ),
    Option(
        "routing.confidence",
        "routing.confidence",
        float,
        "How unsure of a completion the model here must be before the service is asked.",
        low=0,
        high=1,
    ),
)
"""What the user's own file may say: no editor, and so no repository, can permit anything."""

CLIENT_OPTIONS = frozenset(
    {
        "clipboard",
        "completionNotifications",
        "instructionRequests",
        "path",
        "previewNotifications",
        "renameRequests",
        "statusNotifications",
        "trace",
    }
)
"""Keys that editors keep beside ours; they are not settings and are passed over in silence."""
