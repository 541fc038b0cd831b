"""When to start a dead engine again: at once after the first death, later after each further one.

More than five deaths within three minutes mean that it will not get better by itself. A start that
fails (the disk is full, say) may succeed later, so that is tried again without end.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cloister.core.errors import BackendUnavailableError, PassingError

MAX_RESTARTS = 5
WINDOW_SECONDS = 180.0
_FIRST_WAIT_SECONDS = 0.5


class Verdict(Enum):
    """What to do now."""

    START = auto()
    WAIT = auto()
    OFF = auto()


def judge(deaths: Sequence[float], now: float) -> Verdict:
    """Return the verdict at `now`; `deaths` are ascending times in seconds on the same clock."""
    recent = [death for death in deaths if now - death < WINDOW_SECONDS]
    if len(recent) > MAX_RESTARTS:
        return Verdict.OFF
    if recent and now < recent[-1] + wait_seconds(len(recent)):
        return Verdict.WAIT
    return Verdict.START


def wait_seconds(n_deaths: int) -> float:
    """Return the pause after the last of `n_deaths`: 0, 0.5, 1, 2, 4 seconds."""
    return _FIRST_WAIT_SECONDS * 2.0 ** (n_deaths - 2) if n_deaths > 1 else 0.0


@dataclass(slots=True)
class Supervisor:
    """Remembers deaths and failed starts on `clock`; once off, it stays off."""

    clock: Callable[[], float] = time.monotonic
    deaths: tuple[float, ...] = ()
    is_off: bool = False
    failed_starts: tuple[float, ...] = ()
    problem: str = ""

    def record_death(self) -> None:
        """Note that the engine died now without being asked to."""
        self.deaths = (*self.deaths[-MAX_RESTARTS:], self.clock())
        self.is_off = self.is_off or judge(self.deaths, self.clock()) is Verdict.OFF

    def record_failed_start(self, problem: str) -> None:
        """Note that no engine could be started now; `problem` says why, in one sentence."""
        # One more of them would mean that it is off.
        self.failed_starts = (*self.failed_starts, self.clock())[-MAX_RESTARTS:]
        self.problem = problem

    def require_start(self) -> None:
        """Return when the engine may be started; raises BackendUnavailableError otherwise."""
        if self.is_off:
            raise BackendUnavailableError(
                f"The engine crashed {MAX_RESTARTS + 1} times in a row and is off now; "
                "try another model, or restart the editor to try again."
            )
        if judge(self.failed_starts, self.clock()) is Verdict.WAIT:
            raise BackendUnavailableError(self.problem)
        if judge(self.deaths, self.clock()) is Verdict.WAIT:
            raise PassingError("The engine crashed and starts again in a few seconds; keep typing.")
