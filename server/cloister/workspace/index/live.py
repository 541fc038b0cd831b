"""Which chunks are alive: the words of a file's former chunks stay until their block is cleared.

One byte for each chunk of a block, kept in memory and read again when its block has a new version.
"""

import sqlite3

from cloister.workspace.index.blocks import PLACE_BITS

_PLACES = (1 << PLACE_BITS) - 1


class LiveChunks:
    """The chunks that are alive, as of the last `refresh`."""

    def __init__(self) -> None:
        self._blocks: dict[int, tuple[int, bytes]] = {}
        self.data_version = -1
        self.count = 0

    def __contains__(self, chunk: int) -> bool:
        _, alive = self._blocks.get(chunk >> PLACE_BITS, (0, b""))
        place = chunk & _PLACES
        return place < len(alive) and alive[place] != 0

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read what another process has written since the last time; raises sqlite3.Error."""
        data_version = connection.execute("PRAGMA data_version").fetchone()[0]
        if data_version != self.data_version:
            versions = connection.execute("SELECT id, version FROM blocks").fetchall()
            self._blocks = {
                block: self._block(connection, block, version) for block, version in versions
            }
            self.count = sum(len(alive) - alive.count(0) for _, alive in self._blocks.values())
            self.data_version = data_version

    def _block(self, connection: sqlite3.Connection, block: int, version: int) -> tuple[int, bytes]:
        known = self._blocks.get(block)
        if known is not None and known[0] == version:
            return known
        query = "SELECT version, alive FROM blocks WHERE id = ?"
        return connection.execute(query, (block,)).fetchone() or (0, b"")
