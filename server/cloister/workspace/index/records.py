"""What the index answers with, as values; paths are relative to the root, in POSIX style."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloister.core.outline import SymbolKind
from cloister.core.text import Span


@dataclass(frozen=True, slots=True)
class IndexedSymbol:
    """A definition in a file of the workspace; lines count from 0, the last one is included.

    The signature is source text and may be cut; the documentation is its first line.
    """

    path: str
    name: str
    kind: SymbolKind
    container: str
    bases: tuple[str, ...]
    type: str
    value: str
    span: Span
    signature_end: int
    first_line: int
    last_line: int
    signature: str
    documentation: str


def symbol_of(path: str, row: tuple[Any, ...]) -> IndexedSymbol:
    """Return the symbol of a row of the table, which is without its file."""
    name, kind, scope, owner, bases, type_, value, start, end, *rest = row
    container = f"{scope}.{owner}" if scope else owner
    names = tuple(bases.split("\n")) if bases else ()
    span = Span(start, end)
    return IndexedSymbol(path, name, SymbolKind(kind), container, names, type_, value, span, *rest)


@dataclass(frozen=True, slots=True)
class ResolvedImport:
    """One name that a file imports, and the files that it may come from, the likeliest first.

    There is no file when it comes from outside the workspace.
    """

    module: str
    name: str
    alias: str
    paths: tuple[str, ...] = ()

    @property
    def path(self) -> str | None:
        """The likeliest file, None when there is none."""
        return self.paths[0] if self.paths else None


@dataclass(frozen=True, slots=True)
class ChunkHit:
    """Some 20 lines of a file, from `first_line` to `last_line`, and how similar they are."""

    path: str
    first_line: int
    last_line: int
    score: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an update of the index is: files looked at, of how many, and bytes of source."""

    done: int
    total: int
    source_bytes: int = 0


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What an update found and what the index holds after it.

    `indexed`, `unchanged` and `removed` count files of this update, `skipped` counts the files that
    are left out, by reason. Times are in seconds of wall clock; the memory is that of all processes
    at their highest, added up, with what they share counted in each.
    """

    files: int = 0
    indexed: int = 0
    unchanged: int = 0
    removed: int = 0
    symbols: int = 0
    imports: int = 0
    resolved_imports: int = 0
    chunks: int = 0
    source_bytes: int = 0
    database_bytes: int = 0
    peak_memory_bytes: int = 0
    seconds: float = 0.0
    skipped: Mapping[str, int] = field(default_factory=dict)
