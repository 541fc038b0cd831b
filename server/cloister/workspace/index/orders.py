"""Commands as they arrive on standard input, without a thread: looked for when there is time."""

import os
import select
from collections.abc import Iterator

from cloister.workspace.index.messages import Command, command_from

_PIECE_BYTES = 65536
_MOST_LINE_BYTES = 4_000_000


class Orders:
    """Reads command lines from a descriptor; whoever closes the other end wants us to stop."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._unread = b""
        self._changed: dict[str, None] = {}
        self.stopped = False

    def wait(self, seconds: float) -> None:
        """Return when something has arrived, or after some time; take what is there."""
        if self.stopped:
            return
        readable, _, _ = select.select([self._descriptor], [], [], seconds)
        if readable:
            for line in self._lines():
                self._take(command_from(line))

    def changed(self) -> list[str]:
        """Return the paths that were said to have changed since the last time."""
        paths = list(self._changed)
        self._changed.clear()
        return paths

    def _take(self, command: Command) -> None:
        self._changed.update(dict.fromkeys(command.changed))
        self.stopped = self.stopped or command.stop

    def _lines(self) -> Iterator[bytes]:
        try:
            piece = os.read(self._descriptor, _PIECE_BYTES)
        except OSError:
            piece = b""
        if not piece:
            self.stopped = True
        *lines, self._unread = (self._unread + piece).split(b"\n")
        # Nobody who speaks our protocol writes such a line.
        self._unread = self._unread[:_MOST_LINE_BYTES]
        yield from lines
