"""The database: its tables, and how to open it so that a broken one is never used.

Everything in it can be made again, so whatever looks wrong is thrown away: another version, a file
that is not a database, pages that do not fit together. Readers never wait for the writer (WAL).
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

SCHEMA_VERSION = 3
_CACHE_KIB = 16 * 1024
_BUSY_MS = 5000
# The log may get long while much is written, because folding it waits for the disk; afterwards
# it is kept short for who reads.
_LONG_LOG_PAGES = 16_000
_SHORT_LOG_PAGES = 1_000

# `files` also holds what is left out, with the reason, so that it is not looked at again each time.
# Words are in `postings`: per word and block of chunks an array of 16-bit numbers, which hold the
# chunk's place in the block (12 bits) and how often it has the word (4 bits). `blocks` has a byte
# for each of a block's chunks: 1, or 0 when it is gone.
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, digest BLOB, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, read_ns INTEGER NOT NULL, language TEXT, skipped TEXT
);
CREATE TABLE symbols (
    file INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL,
    owner TEXT NOT NULL, bases TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, signature_end INTEGER NOT NULL,
    first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, signature TEXT NOT NULL,
    documentation TEXT NOT NULL
);
CREATE INDEX symbols_by_name ON symbols (name, file);
CREATE INDEX symbols_by_file ON symbols (file);
CREATE INDEX symbols_by_owner ON symbols (owner, file) WHERE owner <> '';
CREATE TABLE imports (
    file INTEGER NOT NULL, module TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL,
    targets INTEGER
);
CREATE INDEX imports_by_file ON imports (file);
CREATE INDEX imports_by_targets ON imports (targets) WHERE targets IS NOT NULL;
CREATE TABLE target_sets (id INTEGER PRIMARY KEY, files BLOB NOT NULL UNIQUE);
CREATE TABLE target_members (
    file INTEGER, targets INTEGER, PRIMARY KEY (file, targets)
) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL
);
CREATE INDEX chunks_by_file ON chunks (file);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, alive BLOB NOT NULL);
CREATE TABLE postings (
    term INTEGER, block INTEGER, entries BLOB NOT NULL, PRIMARY KEY (term, block)
) WITHOUT ROWID;
CREATE TABLE co_changes (
    file INTEGER, other INTEGER, weight REAL NOT NULL, PRIMARY KEY (file, other)
) WITHOUT ROWID;
"""


def open_for_writing(database: Path) -> sqlite3.Connection:
    """Open the database, sound and empty if need be; raises OSError or sqlite3.Error."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(sqlite3.DatabaseError):
        connection = _connect(database)
        if _is_sound(connection):
            return connection
        connection.close()
    discard(database)
    connection = _connect(database)
    _create(connection)
    return connection


def open_for_reading(database: Path) -> sqlite3.Connection | None:
    """Open the database for reading; None when there is none that can be read."""
    # Only a file that exists is opened: making it is the writer's business.
    address = f"{database.absolute().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(
            address, uri=True, check_same_thread=False, isolation_level=None
        )
    except sqlite3.Error:
        return None
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA query_only = ON")
        if _version(connection) == SCHEMA_VERSION:
            return connection
    connection.close()
    return None


def fold_log(connection: sqlite3.Connection) -> None:
    """Take the log of what was written into the database, as far as readers let us."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute(f"PRAGMA wal_autocheckpoint = {_SHORT_LOG_PAGES}")


def discard(database: Path) -> None:
    """Remove the database with the files that SQLite keeps beside it; raises OSError."""
    for ending in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None, timeout=_BUSY_MS / 1000)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LONG_LOG_PAGES}")
        # The writer may make files nowhere else.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except sqlite3.Error:
        connection.close()
        raise
    database.chmod(0o600)
    return connection


def _is_sound(connection: sqlite3.Connection) -> bool:
    if _version(connection) != SCHEMA_VERSION:
        return False
    with closing(connection.execute("PRAGMA quick_check(1)")) as answer:
        return bool(answer.fetchone() == ("ok",))


def _create(connection: sqlite3.Connection) -> None:
    try:
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    except sqlite3.Error:
        connection.close()
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
