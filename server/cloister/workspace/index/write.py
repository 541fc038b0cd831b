"""Writes to the database, in whole transactions: what a batch adds, and what it replaces."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cloister.workspace.index.batch import BatchResult, ImportRow
from cloister.workspace.index.blocks import BLOCK_CHUNKS, PLACE_BITS

_PLACE_MASK = BLOCK_CHUNKS - 1
_FILE_ROWS = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SYMBOL_ROWS = "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_POSTING_ROWS = """
    INSERT INTO postings VALUES (?, ?, ?) ON CONFLICT (term, block)
    DO UPDATE SET entries = CAST(entries || excluded.entries AS BLOB)
"""
_BLOCK_ROW = """
    INSERT INTO blocks VALUES (?, 1, ?) ON CONFLICT (id)
    DO UPDATE SET version = version + 1, alive = CAST(alive || excluded.alive AS BLOB)
"""
_ALIVE = b"\1"
_SAME_ROWS = "UPDATE files SET size = ?, mtime_ns = ?, read_ns = ? WHERE id = ?"


class IndexWriter:
    """The one connection that writes; `numbers` gives the number of every path."""

    def __init__(self, connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        self._connection = connection
        self._numbers = numbers
        self._target_sets: dict[tuple[str, ...], int | None] = {(): None}

    def add(self, results: Sequence[BatchResult]) -> None:
        """Write what workers made of batches, in place of what was known of their files."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for result in results:
                self._add(result)
            # In the order of the table, so that every page is changed once.
            postings = sorted(row for each in results for row in each.postings.rows(each.block))
            self._connection.executemany(_POSTING_ROWS, postings)

    def remove(self, files: Sequence[int]) -> None:
        """Forget files that are gone."""
        if not files:
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._forget(files)
            self._connection.executemany(
                "DELETE FROM files WHERE id = ?", [(file,) for file in files]
            )

    def _add(self, result: BatchResult) -> None:
        connection = self._connection
        self._forget([row[0] for row in result.files])
        connection.executemany(_FILE_ROWS, result.files)
        connection.executemany(_SAME_ROWS, [(*row[3:6], row[0]) for row in result.same])
        connection.executemany(_SYMBOL_ROWS, result.symbols)
        self._add_imports(result.imports)
        connection.executemany("INSERT INTO chunks VALUES (?, ?, ?, ?)", result.chunks)
        if result.chunks:
            connection.execute(_BLOCK_ROW, (result.block, _ALIVE * len(result.chunks)))

    def _forget(self, files: Sequence[int]) -> None:
        connection, of_file = self._connection, [(file,) for file in files]
        self._bury_chunks(files)
        for table in ("symbols", "imports", "chunks"):
            connection.executemany(f"DELETE FROM {table} WHERE file = ?", of_file)  # noqa: S608  # our names

    def _bury_chunks(self, files: Iterable[int]) -> None:
        """Mark the chunks of files as gone; their words stay until the block is cleared."""
        buried: defaultdict[int, list[int]] = defaultdict(list)
        for file in files:
            rows = self._connection.execute("SELECT id FROM chunks WHERE file = ?", (file,))
            for (chunk,) in rows:
                buried[chunk >> PLACE_BITS].append(chunk & _PLACE_MASK)
        for block, places in buried.items():
            self._mark(block, places)

    def _mark(self, block: int, places: Iterable[int]) -> None:
        query = "SELECT alive FROM blocks WHERE id = ?"
        alive = bytearray(self._connection.execute(query, (block,)).fetchone()[0])
        for place in places:
            alive[place] = 0
        statement = "UPDATE blocks SET version = version + 1, alive = ? WHERE id = ?"
        self._connection.execute(statement, (bytes(alive), block))

    def _add_imports(self, rows: Iterable[ImportRow]) -> None:
        numbered = [(*row, self.target_set(paths)) for *row, paths in rows]
        self._connection.executemany("INSERT INTO imports VALUES (?, ?, ?, ?, ?)", numbered)

    def target_set(self, paths: tuple[str, ...]) -> int | None:
        """Return the number of the set of files at these paths; None for the empty set."""
        if paths not in self._target_sets:
            numbers = [self._numbers[path] for path in paths if path in self._numbers]
            self._target_sets[paths] = self._set_of(numbers) if numbers else None
        return self._target_sets[paths]

    def _set_of(self, files: Sequence[int]) -> int:
        """Return the number of the set of these files, which is made if need be."""
        key = array("I", files).tobytes()
        query = "SELECT id FROM target_sets WHERE files = ?"
        if (row := self._connection.execute(query, (key,)).fetchone()) is not None:
            return int(row[0])
        number = self._connection.execute(
            "INSERT INTO target_sets (files) VALUES (?)", (key,)
        ).lastrowid
        members = [(file, number) for file in set(files)]
        self._connection.executemany("INSERT INTO target_members VALUES (?, ?)", members)
        return number or 0
