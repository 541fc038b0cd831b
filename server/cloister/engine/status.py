"""How an engine is, as it tells its clients."""

from dataclasses import dataclass

from cloister.core.hardware import ModelSpeed, Placement


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """One model in the engine's memory."""

    path: str
    name: str
    context_tokens: int
    speed: ModelSpeed | None = None
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The engine at one moment; the four counts run since it started."""

    pid: int
    version: str
    uptime_seconds: float
    idle_seconds: float
    isolation: str
    isolation_reason: str
    resident_bytes: int
    clients: int
    models: tuple[LoadedModel, ...]
    waiting_requests: int
    finished_requests: int
    cancelled_requests: int
    failed_requests: int
    generated_tokens: int
