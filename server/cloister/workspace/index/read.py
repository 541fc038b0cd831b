"""The read side: what context sources ask, answered in a few milliseconds.

Unsaved buffers (overlays) win over the disk in every answer. Nothing here raises because of the
database: while there is none, or a broken one, the answers are empty. All methods may be called
from any thread; answers depend on nothing but the contents.
"""

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cloister.workspace.index import questions
from cloister.workspace.index.live import LiveChunks
from cloister.workspace.index.overlays import Overlays
from cloister.workspace.index.postings import affordable, chunk_frequencies, rarity
from cloister.workspace.index.records import ChunkHit, IndexedSymbol, ResolvedImport
from cloister.workspace.index.schema import open_for_reading
from cloister.workspace.index.sources import Sources
from cloister.workspace.index.words import term_id

Answer = TypeVar("Answer")


_MOST_FREQUENCIES = 20_000


@dataclass(frozen=True, slots=True)
class _Frequencies:
    """How many chunks have each word, in one state of the database."""

    data_version: int
    counts: dict[int, int]


class Index:
    """What is known of the workspace at `root`; the database may appear later, or anew."""

    def __init__(self, database: Path, root: Path) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._live = LiveChunks()
        self._frequencies = _Frequencies(-1, {})
        self._sources = Sources(root)
        self._overlays = Overlays()

    @classmethod
    def open(cls, database: Path, root: Path) -> "Index":
        """Return the index of `root` that is kept at `database`; opens nothing yet."""
        return cls(database, root)

    def close(self) -> None:
        """Close the database; it is opened again when somebody asks."""
        with self._lock:
            self._disconnect()

    def overlay(self, path: str, text: str) -> None:
        """Let the text of an unsaved buffer stand for the file at `path`; waits for nothing."""
        self._overlays.put(path, text)

    def drop_overlay(self, path: str) -> None:
        """Let the file on disk count again; waits for nothing."""
        self._overlays.drop(path)

    def text_of(self, path: str) -> str | None:
        """Return the text of a file, None when it is none that may be indexed."""
        with self._lock:
            text = self._overlays.text(path)
            return self._sources.text(path) if text is None else text

    @property
    def n_chunks(self) -> int:
        """How many chunks the index has."""
        return self._ask(lambda _: self._live.count) or 0

    def symbols_named(self, names: Collection[str], limit_per_name: int) -> list[IndexedSymbol]:
        """Return the definitions of these names, at most `limit_per_name` of each."""
        with self._lock:
            unsaved: dict[str, list[IndexedSymbol]] = {}
            for symbol in self._overlays.symbols():
                unsaved.setdefault(symbol.name, []).append(symbol)
            saved = self._ask(lambda db: questions.symbols_named(db, names, limit_per_name)) or {}
            found = (
                [*unsaved.get(name, ()), *self._on_disk(saved.get(name, ()))] for name in names
            )
            return [symbol for symbols in found for symbol in symbols[:limit_per_name]]

    def symbols_in(self, path: str) -> list[IndexedSymbol]:
        """Return the definitions of a file in the order of its text."""
        with self._lock:
            if path in self._overlays.paths():
                return [each for each in self._overlays.symbols() if each.path == path]
            return self._ask(lambda connection: questions.symbols_in(connection, path)) or []

    def members_of(self, container: str, path: str | None = None) -> list[IndexedSymbol]:
        """Return the direct members of a type or namespace, of the file at `path` only if given.

        The container is a dotted name, or the end of one.
        """
        if not container:
            return []
        with self._lock:
            unsaved = [
                each
                for each in self._overlays.symbols()
                if path in {None, each.path} and f".{each.container}".endswith(f".{container}")
            ]
            saved = self._ask(lambda db: questions.members_of(db, container, path)) or []
            return unsaved + self._on_disk(saved)

    def imports_of(self, path: str) -> list[ResolvedImport]:
        """Return what a file imports, in the order of its text."""
        with self._lock:
            saved = self._ask(lambda connection: questions.imports_of(connection, path)) or []
            return self._overlays.imports(path, saved)

    def importers_of(self, path: str) -> list[str]:
        """Return the files that import the file at `path`, as they were saved."""
        return self._ask(lambda connection: questions.importers_of(connection, path)) or []

    def similar(
        self,
        terms: Mapping[str, float] | Sequence[str],
        limit: int,
        exclude: Collection[str] = (),
    ) -> list[ChunkHit]:
        """Return the chunks that have most of these words (BM25), the best first.

        Words are as `terms_of` gives them, with weights if need be; `exclude` names files.
        """
        weights = terms if isinstance(terms, Mapping) else dict.fromkeys(terms, 1.0)
        numbered = {term_id(term): weight for term, weight in weights.items()}
        with self._lock:
            hits = self._ask(lambda db: self._search(db, numbered, limit, exclude)) or []
        return sorted(hits, key=lambda hit: (-hit.score, hit.path, hit.first_line))[:limit]

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """Return how many chunks have each word."""
        numbered = {term: term_id(term) for term in terms}
        with self._lock:
            found = self._ask(lambda db: self._frequencies_of(db, numbered.values())) or {}
        return {term: found.get(number, 0) for term, number in numbered.items()}

    def files_using(self, name: str, limit: int) -> list[str]:
        """Return files in which the name occurs, those with most places first.

        A name without capitals also counts where it is a part of another.
        """
        term = term_id(name)
        with self._lock:
            found = self._ask(lambda db: questions.files_with(db, term, self._live)) or {}
            hidden = self._overlays.paths()
            saved = {path: count for path, count in found.items() if path not in hidden}
            counts = saved | self._overlays.files_with(term)
        return sorted(counts, key=lambda path: (-counts[path], path))[:limit]

    def co_changed(self, path: str, limit: int) -> list[tuple[str, float]]:
        """Return the files that change together with this one, and how much, the most first."""
        return self._ask(lambda connection: questions.co_changed(connection, path, limit)) or []

    def recent_files(self, limit: int) -> list[str]:
        """Return the files that were changed last, the latest first."""
        return self._ask(lambda connection: questions.recent_files(connection, limit)) or []

    def _on_disk(self, symbols: Iterable[IndexedSymbol]) -> list[IndexedSymbol]:
        """Return the symbols whose files have no unsaved buffer."""
        hidden = self._overlays.paths()
        return [each for each in symbols if each.path not in hidden]

    def _search(
        self,
        connection: sqlite3.Connection,
        weights: Mapping[int, float],
        limit: int,
        exclude: Collection[str],
    ) -> list[ChunkHit]:
        frequencies = self._frequencies_of(connection, weights)
        worths = {
            term: weights[term] * rarity(self._live.count, frequencies[term]) for term in weights
        }
        asked = {term: worths[term] for term in affordable(frequencies)}
        hidden = {*exclude, *self._overlays.paths()}
        saved = questions.best_chunks(connection, asked, limit, self._live, hidden)
        return saved + [hit for hit in self._overlays.search(worths) if hit.path not in exclude]

    def _frequencies_of(
        self, connection: sqlite3.Connection, terms: Collection[int]
    ) -> dict[int, int]:
        """Return how many chunks have each word; counted once for each state of the database."""
        known = self._frequencies
        if known.data_version != self._live.data_version or len(known.counts) > _MOST_FREQUENCIES:
            known = self._frequencies = _Frequencies(self._live.data_version, {})
        known.counts.update(
            chunk_frequencies(connection, [term for term in terms if term not in known.counts])
        )
        return {term: known.counts[term] for term in terms}

    def _ask(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
        """Return the answer of the database, None while there is none."""
        with self._lock:
            connection = self._connected()
            if connection is None:
                return None
            try:
                self._live.refresh(connection)
                return question(connection)
            except sqlite3.Error:
                self._disconnect()
                return None

    def _connected(self) -> sqlite3.Connection | None:
        """Return a connection to the file that is there now: it may have been made anew."""
        try:
            inode = self._database.stat().st_ino
        except OSError:
            inode = 0
        if inode != self._inode:
            self._disconnect()
        if self._connection is None and inode:
            self._connection = open_for_reading(self._database)
            self._inode = inode
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        self._live = LiveChunks()
        self._frequencies = _Frequencies(-1, {})
