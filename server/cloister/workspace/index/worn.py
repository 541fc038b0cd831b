"""Finds blocks that are worth clearing: mostly of chunks that are gone, or small and many.

The words of a chunk cannot be taken out of its block, so the files that are left in a worn block
are read again into another one, and then the block goes as a whole.
"""

import sqlite3

from cloister.workspace.index.batch import FileTask
from cloister.workspace.index.blocks import PLACE_BITS

_MOST_SMALL_BLOCKS = 32
_SMALL_CHUNKS = 1024
# A clearing reads some hundred files, so others wait for the next update.
_MOST_AT_ONCE = 4


def worn_blocks(connection: sqlite3.Connection) -> list[int]:
    """Return the blocks to clear now; never the last one, which is still being filled."""
    blocks = connection.execute("SELECT id, alive FROM blocks ORDER BY id").fetchall()[:-1]
    n_alive = {block: len(alive) - alive.count(0) for block, alive in blocks}
    worn = [block for block, alive in blocks if 2 * n_alive[block] < len(alive)]
    small = [block for block, n in n_alive.items() if n < _SMALL_CHUNKS and block not in worn]
    return (worn + (small if len(small) > _MOST_SMALL_BLOCKS else []))[:_MOST_AT_ONCE]


def files_in(connection: sqlite3.Connection, block: int) -> list[FileTask]:
    """Return the files that have chunks in a block."""
    query = """
        SELECT id, path, size, mtime_ns FROM files WHERE id IN (
            SELECT file FROM chunks WHERE id >= ? AND id < ?) ORDER BY id
    """
    bounds = (block << PLACE_BITS, block + 1 << PLACE_BITS)
    return [FileTask(*row) for row in connection.execute(query, bounds)]


def drop_block(connection: sqlite3.Connection, block: int) -> None:
    """Remove a block that no file has chunks in any more."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM postings WHERE block = ?", (block,))
        connection.execute("DELETE FROM blocks WHERE id = ?", (block,))
