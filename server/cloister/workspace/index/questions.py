"""The questions to the database, each with its SQL; all of them may raise sqlite3.Error."""

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Mapping

from cloister.workspace.index.live import LiveChunks
from cloister.workspace.index.records import ChunkHit, IndexedSymbol, ResolvedImport, symbol_of

_MOST_MEMBERS = 200
# More uses of a name are not counted: it is everywhere.
_MOST_USES = 300
_TIES = 4
_SYMBOLS = """
    SELECT path, name, kind, scope, owner, bases, type, value, start, end, signature_end,
    first_line, last_line, signature, documentation FROM symbols JOIN files ON files.id = file
"""


def symbols_named(
    connection: sqlite3.Connection, names: Iterable[str], limit: int
) -> dict[str, list[IndexedSymbol]]:
    """Return the first definitions of each name."""
    condition = "WHERE name = ? ORDER BY file, symbols.rowid LIMIT ?"
    return {name: _symbols(connection, condition, (name, limit)) for name in names}


def symbols_in(connection: sqlite3.Connection, path: str) -> list[IndexedSymbol]:
    """Return the definitions of a file in the order of its text."""
    return _symbols(connection, "WHERE path = ? ORDER BY symbols.rowid", (path,))


def members_of(
    connection: sqlite3.Connection, container: str, path: str | None
) -> list[IndexedSymbol]:
    """Return the members of what has this dotted name, or a longer one with this end."""
    scope, _, owner = container.rpartition(".")
    condition = """
        WHERE owner = ? AND owner <> ''
        AND (? = '' OR '.' || scope LIKE '%.' || ?) AND (? IS NULL OR path = ?)
        ORDER BY file, symbols.rowid LIMIT ?
    """
    return _symbols(connection, condition, (owner, scope, scope, path, path, _MOST_MEMBERS))


def imports_of(connection: sqlite3.Connection, path: str) -> list[ResolvedImport]:
    """Return the imports of a file in the order of its text."""
    query = """
        SELECT module, name, alias, target_sets.files FROM imports
        JOIN files ON files.id = imports.file LEFT JOIN target_sets ON target_sets.id = targets
        WHERE path = ? ORDER BY imports.rowid
    """
    paths: dict[bytes | None, tuple[str, ...]] = {None: ()}
    found = []
    for module, name, alias, files in connection.execute(query, (path,)).fetchall():
        if files not in paths:
            paths[files] = tuple(_paths_of(connection, array("I", files)))
        found.append(ResolvedImport(module, name, alias, paths[files]))
    return found


def importers_of(connection: sqlite3.Connection, path: str) -> list[str]:
    """Return the paths of the files that import a file, sorted."""
    query = """
        SELECT DISTINCT importers.path FROM files
        JOIN target_members ON target_members.file = files.id
        JOIN imports ON imports.targets = target_members.targets
        JOIN files AS importers ON importers.id = imports.file
        WHERE files.path = ? ORDER BY importers.path
    """
    return [importer for (importer,) in connection.execute(query, (path,))]


def files_with(connection: sqlite3.Connection, term: int, live: LiveChunks) -> dict[str, int]:
    """Return the files that have a word, and in how many chunks."""
    from cloister.workspace.index.scores import chunks_with

    query = "SELECT path FROM chunks JOIN files ON files.id = file WHERE chunks.id = ?"
    counts: dict[str, int] = {}
    for chunk in [chunk for chunk in chunks_with(connection, term) if chunk in live][:_MOST_USES]:
        for (path,) in connection.execute(query, (chunk,)):
            counts[path] = counts.get(path, 0) + 1
    return counts


def best_chunks(
    connection: sqlite3.Connection,
    worths: Mapping[int, float],
    limit: int,
    live: LiveChunks,
    hidden: Collection[str],
) -> list[ChunkHit]:
    """Return the live chunks with the highest scores outside of the hidden files.

    `worths` says what each word counts. There are more chunks than `limit` where several have the
    same score as the last.
    """
    from cloister.workspace.index.scores import ranked, search

    scores = search(connection, worths)
    query = """
        SELECT path, first_line, last_line FROM chunks JOIN files ON files.id = file
        WHERE chunks.id = ?
    """
    hits: list[ChunkHit] = []
    for chunk in ranked(scores, _TIES * limit + 1):
        # All that share the last score, so that paths and not places in blocks decide.
        score = float(scores[chunk])
        is_full = len(hits) >= limit and (not hits or score < hits[-1].score)
        if is_full or len(hits) >= _TIES * limit:
            break
        row = connection.execute(query, (chunk,)).fetchone() if chunk in live else None
        if row is not None and row[0] not in hidden:
            path, first_line, last_line = row
            hits.append(ChunkHit(path, first_line, last_line, score))
    return hits


def co_changed(connection: sqlite3.Connection, path: str, limit: int) -> list[tuple[str, float]]:
    """Return the files that change together with a file, and how much, the most first."""
    query = """
        SELECT others.path, weight FROM files JOIN co_changes ON file = files.id
        JOIN files AS others ON others.id = other WHERE files.path = ?
        ORDER BY weight DESC, others.path LIMIT ?
    """
    return connection.execute(query, (path, limit)).fetchall()


def recent_files(connection: sqlite3.Connection, limit: int) -> list[str]:
    """Return the files that were changed last, the latest first."""
    query = "SELECT path FROM files WHERE skipped IS NULL ORDER BY mtime_ns DESC, path LIMIT ?"
    return [path for (path,) in connection.execute(query, (limit,))]


def _symbols(
    connection: sqlite3.Connection, condition: str, arguments: tuple[object, ...]
) -> list[IndexedSymbol]:
    rows = connection.execute(f"{_SYMBOLS} {condition}", arguments)
    return [symbol_of(path, row) for path, *row in rows]


def _paths_of(connection: sqlite3.Connection, files: Iterable[int]) -> Iterable[str]:
    for file in files:
        yield from (
            connection.execute("SELECT path FROM files WHERE id = ?", (file,)).fetchone() or ()
        )
