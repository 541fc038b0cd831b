"""One token says that nobody wants the answer any more: made at the edge, passed down last."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class CancelToken:
    """A flag and an optional deadline; cancelling is one-way and tells every listener once.

    Not thread-safe: it belongs to one event loop. Deadlines are seconds on `clock`.
    """

    __slots__ = ("_cancelled", "_clock", "_listeners", "deadline")

    def __init__(
        self, deadline: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.deadline = deadline
        self._clock = clock
        self._cancelled = False
        self._listeners: list[Callable[[], object]] = []

    @classmethod
    def after_ms(cls, deadline_ms: float) -> "CancelToken":
        """Return a token whose deadline is `deadline_ms` milliseconds from now."""
        return cls(time.monotonic() + deadline_ms / 1000)

    def again(self, deadline_ms: float) -> "CancelToken":
        """Return a token with a deadline of its own, which is cancelled together with this one."""
        token = CancelToken(self._clock() + deadline_ms / 1000, self._clock)
        self.on_cancel(token.cancel)
        return token

    @property
    def cancelled(self) -> bool:
        """Whether somebody called `cancel`."""
        return self._cancelled

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self._clock() >= self.deadline

    @property
    def stopped(self) -> bool:
        """Whether work should stop, for either reason."""
        return self._cancelled or self.expired

    def remaining_ms(self) -> float | None:
        """Return the milliseconds left until the deadline (never negative); None without one."""
        if self.deadline is None:
            return None
        return max(0.0, (self.deadline - self._clock()) * 1000)

    def cancel(self) -> None:
        """Stop the work; a second call does nothing."""
        if self._cancelled:
            return
        self._cancelled = True
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def on_cancel(self, listener: Callable[[], object]) -> None:
        """Call `listener` when the token is cancelled, at once if it already is."""
        if self._cancelled:
            listener()
        else:
            self._listeners.append(listener)


class StoppedError(Exception):
    """Nobody waits for the answer any more: the token was cancelled or its deadline passed."""


async def unless_stopped(work: Coroutine[Any, Any, T], cancel: CancelToken) -> T:
    """Return the result of `work`; ends it and raises StoppedError as soon as `cancel` stops."""
    task = asyncio.ensure_future(work)
    cancel.on_cancel(task.cancel)
    remaining_ms = cancel.remaining_ms()
    try:
        await asyncio.wait({task}, timeout=None if remaining_ms is None else remaining_ms / 1000)
        if task.done() and not cancel.cancelled:
            return task.result()
        raise StoppedError
    finally:
        task.cancel()
        # Somebody must look at an error that nobody waits for, or asyncio complains.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
