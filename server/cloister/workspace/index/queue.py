"""The files that an update still has to look at, handed out in batches that have their own block.

The first batch goes on in the block that was begun last, so that many small updates fill blocks as
a large one does. Batches get smaller towards the end, so that no worker waits long for another.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from cloister.workspace.index.batch import Batch, FileTask

# A block of chunks holds about this much source.
_MOST_BYTES = 2_000_000
_FEWEST_BYTES = 100_000
_MOST_FILES = 500
# How many more batches than one there should be for what is left.
_SHARES = 6


class BatchQueue:
    """Hands out files; `open_block` and `open_place` say where the last block goes on."""

    def __init__(self, tasks: Iterable[FileTask], open_block: int, open_place: int) -> None:
        self._tasks = deque(tasks)
        self._bytes = sum(task.size for task in self._tasks)
        self._next = (open_block, open_place)
        self._suspects: list[Sequence[FileTask]] = []

    def __bool__(self) -> bool:
        return bool(self._tasks or self._suspects)

    def take(self) -> Batch | None:
        """Return the next batch, None when nothing is left."""
        if not self:
            return None
        block, place = self._next
        self._next = (block + 1, 0)
        tasks = self._suspects.pop() if self._suspects else self._take_tasks()
        return Batch(tasks, block, place)

    def suspect(self, batch: Batch, position: int) -> FileTask | None:
        """Take back a batch whose worker died at the file at `position`, which comes next, alone.

        What stands before and after it stays apart too, so that every death makes batches smaller.
        Return the file when it was alone already.
        """
        tasks = batch.tasks
        if len(tasks) == 1:
            return tasks[0]
        parts = (tasks[position + 1 :], tasks[:position], tasks[position : position + 1])
        self._suspects += filter(None, parts)
        return None

    def put_back(self, tasks: Sequence[FileTask]) -> None:
        """Take files back that were handed out and not looked at."""
        self._tasks.extendleft(reversed(tasks))
        self._bytes += sum(task.size for task in tasks)

    def _take_tasks(self) -> list[FileTask]:
        room = min(_MOST_BYTES, max(_FEWEST_BYTES, self._bytes // _SHARES))
        taken: list[FileTask] = []
        while self._tasks and len(taken) < _MOST_FILES and (room > 0 or not taken):
            task = self._tasks.popleft()
            self._bytes -= task.size
            # What is too large to be indexed is not read either.
            room -= min(task.size, _MOST_BYTES)
            taken.append(task)
        return taken
