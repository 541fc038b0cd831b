"""Files in, rows out: the part of an update that worker processes do.

A batch has its place in the index before it is read: the numbers of its files, and the block of
chunks that its words belong to. So what a worker returns is written as it is. Files for which the
block has no room come back as `left`.
"""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns

from cloister.core.outline import Import
from cloister.workspace.files.content import NotIndexed, SourceFile, read_source
from cloister.workspace.imports import Project, resolve
from cloister.workspace.index.blocks import PLACE_BITS, BlockPostings
from cloister.workspace.index.bounds import begin_file, end_files
from cloister.workspace.index.extract import FileFacts, SymbolRow, facts_of

# A package can have hundreds of files; those after the first few add nothing.
_MOST_TARGETS = 16

# Reasons of `read_source` that say nothing of the text.
PASSING_REASONS = frozenset(("it is gone", "it cannot be read, or is not a regular file"))

DEADLY = "the parser crashes on it"

FileRow = tuple[int, str, bytes | None, int, int, int, str | None, str | None]
NumberedSymbolRow = tuple[int, *SymbolRow]
ImportRow = tuple[int, str, str, str, tuple[str, ...]]
ChunkRow = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to look at; `digest` is that of the text that the index has of it."""

    number: int
    path: str
    size: int
    mtime_ns: int
    digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to look at, and the place of their first chunk."""

    tasks: Sequence[FileTask]
    block: int
    first_place: int = 0


@dataclass(slots=True)
class BatchResult:
    """Rows for the tables; `same` are the files whose text is what the index has already."""

    block: int
    files: list[FileRow] = field(default_factory=list)
    same: list[FileRow] = field(default_factory=list)
    symbols: list[NumberedSymbolRow] = field(default_factory=list)
    imports: list[ImportRow] = field(default_factory=list)
    chunks: list[ChunkRow] = field(default_factory=list)
    postings: BlockPostings = field(default_factory=BlockPostings)
    left: list[FileTask] = field(default_factory=list)
    source_bytes: int = 0
    process: int = 0
    peak_memory_bytes: int = 0


def load() -> None:
    """Load what `work_off` needs and nothing else does, which takes a tenth of a second."""
    import cloister.workspace.index.inversion  # noqa: F401  # loading it is all that is wanted


def work_off(
    root: Path,
    project: Project,
    batch: Batch,
    begin: Callable[[int], None] = lambda _position: None,
) -> BatchResult:
    """Read and analyse the files of a batch; never raises for what is in a file.

    `begin` hears of the position of every file before it is read. A file may end the process: what
    one may cost has bounds.
    """
    from cloister.workspace.index.inversion import Inversion

    result = BatchResult(batch.block)
    words = Inversion(batch.first_place)
    for position, task in enumerate(batch.tasks):
        begin(position)
        begin_file()
        read_ns = time_ns()
        source = read_source(root, task.path)
        if isinstance(source, NotIndexed):
            result.files.append(_skipped_row(task, read_ns, source.reason))
            continue
        result.source_bytes += source.size
        if source.digest == task.digest:
            result.same.append(_file_row(task, source, read_ns, ""))
            continue
        facts = facts_of(task.path, source.text)
        if not words.has_room(len(facts.chunks)):
            result.left = list(batch.tasks[position:])
            break
        result.files.append(_file_row(task, source, read_ns, facts.language))
        result.symbols += [(task.number, *row) for row in facts.symbols]
        result.imports += _import_rows(task, facts, project)
        for chunk in facts.chunks:
            number = batch.block << PLACE_BITS | words.next_place
            result.chunks.append((number, task.number, chunk.first_line, chunk.last_line))
            words.add(chunk.text)
    end_files()
    result.postings = words.postings()
    result.process, result.peak_memory_bytes = os.getpid(), peak_memory_bytes()
    return result


def peak_memory_bytes() -> int:
    """Return the most memory that this process has had at once; shared pages count in full."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def deadly_file(block: int, task: FileTask) -> BatchResult:
    """Return the result for a file that kills whoever parses it."""
    return BatchResult(block, files=[_skipped_row(task, time_ns(), DEADLY)])


def _file_row(task: FileTask, source: SourceFile, read_ns: int, language: str) -> FileRow:
    stamp = (source.size, source.mtime_ns, read_ns)
    return (task.number, task.path, source.digest, *stamp, language, None)


def _skipped_row(task: FileTask, read_ns: int, reason: str) -> FileRow:
    # What could not be read may be readable later without a new time.
    noted_ns = 0 if reason in PASSING_REASONS else read_ns
    return (task.number, task.path, None, task.size, task.mtime_ns, noted_ns, None, reason)


def _import_rows(task: FileTask, facts: FileFacts, project: Project) -> list[ImportRow]:
    return [
        import_row(task.number, task.path, facts.language, each, project) for each in facts.imports
    ]


def import_row(
    file: int, path: str, language: str, imported: Import, project: Project
) -> ImportRow:
    """Return the row of one import, with the paths of the files that it may mean."""
    targets = resolve(imported, path, language, project)[:_MOST_TARGETS]
    return (file, imported.module, imported.name, imported.alias, targets)
