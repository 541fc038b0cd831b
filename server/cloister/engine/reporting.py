"""Tells a client how its answer goes on, in few messages: each one wakes two processes up.

What a fast model writes within some milliseconds travels together. The beginning of an answer never
waits.
"""

from collections.abc import Callable
from time import monotonic

from cloister.core.generation import Chunk, Timings
from cloister.core.hardware import ModelSpeed
from cloister.engine.messages import Evaluated, Wrote
from cloister.engine.task import Task

TOGETHER_SECONDS = 0.005
"""How long a piece of an answer may wait for the next one; nobody sees that."""


class Report:
    """Reports on the Generate of one task; `flush` it before the final message."""

    def __init__(self, task: Task, clock: Callable[[], float] = monotonic) -> None:
        self._task = task
        self._clock = clock
        self._evaluated: Evaluated | None = None
        self._chunks: list[Chunk] = []
        self._told = task.received
        self._has_begun = False

    def evaluated(self, timings: Timings, speed: ModelSpeed | None) -> None:
        """Report that the prompt has been read."""
        self._evaluated = Evaluated(self._task.request.id, timings, speed)
        self._flush_if_due()

    def wrote(self, chunk: Chunk) -> None:
        """Report a piece of the answer."""
        self._chunks.append(chunk)
        if self._has_begun:
            self._flush_if_due()
        else:
            self._has_begun = True
            self.flush()

    def flush(self) -> None:
        """Send what has waited."""
        self._told = self._clock()
        if self._evaluated is not None:
            self._task.emit(self._evaluated)
        if self._chunks:
            self._task.emit(Wrote(self._task.request.id, tuple(self._chunks)))
        self._evaluated, self._chunks = None, []

    def _flush_if_due(self) -> None:
        if self._clock() - self._told >= TOGETHER_SECONDS:
            self.flush()
