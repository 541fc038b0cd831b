"""Builds the index of a workspace, or brings it up to date."""

import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from cloister.workspace.index.batch import peak_memory_bytes
from cloister.workspace.index.pool import work_in_pool
from cloister.workspace.index.records import IndexSummary
from cloister.workspace.index.schema import fold_log, open_for_reading, open_for_writing
from cloister.workspace.index.survey import open_and_survey, survey_paths
from cloister.workspace.index.together import update_co_changes
from cloister.workspace.index.update import OnProgress, Update, Workshop, update


def build(
    root: Path, database: Path, on_progress: OnProgress = lambda _progress: None
) -> IndexSummary:
    """Bring the whole index up to date, in worker processes, and return what it holds.

    Nothing else may run in this process meanwhile. Raises OSError or sqlite3.Error when the
    database cannot be written.
    """
    started = time.monotonic()
    connection, survey = open_and_survey(root, database)
    with closing(connection):
        done = update(Workshop(root, connection, work_in_pool, on_progress), survey)
        update_co_changes(root, connection)
        fold_log(connection)
        return summarize(connection, done, time.monotonic() - started)


def refresh(root: Path, database: Path, paths: Collection[str]) -> IndexSummary:
    """Bring what is known of some files up to date, in this process; raises as `build` does."""
    started = time.monotonic()
    with closing(open_for_writing(database)) as connection:
        done = update(Workshop(root, connection), survey_paths(root, paths))
        return summarize(connection, done, time.monotonic() - started)


def look_up(database: Path) -> IndexSummary:
    """Return what the index holds, while somebody else writes it."""
    connection = open_for_reading(database)
    if connection is None:
        return IndexSummary()
    with closing(connection):
        return summarize(connection, Update(), 0.0)


def summarize(connection: sqlite3.Connection, done: Update, seconds: float) -> IndexSummary:
    """Return what an update did and what the index holds now."""

    def count(query: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {query}").fetchone()[0])  # noqa: S608  # our queries

    skipped = "SELECT skipped, count(*) FROM files WHERE skipped IS NOT NULL GROUP BY 1 ORDER BY 1"
    return IndexSummary(
        files=count("files WHERE skipped IS NULL"),
        indexed=done.indexed,
        unchanged=done.unchanged,
        removed=done.removed,
        symbols=count("symbols"),
        imports=count("imports"),
        resolved_imports=count("imports WHERE targets IS NOT NULL"),
        chunks=count("chunks"),
        source_bytes=done.source_bytes,
        database_bytes=_pragma(connection, "page_count") * _pragma(connection, "page_size"),
        peak_memory_bytes=peak_memory_bytes() + sum(done.memory.values()),
        seconds=seconds,
        skipped=dict(connection.execute(skipped).fetchall()),
    )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
