"""Brings the index up to date with the files: what is new or different is read, what is gone goes.

Batches are written in groups, each a transaction of its own, so an update that is killed has lost
its last group and the next one goes on from there.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cloister.workspace.imports import Project
from cloister.workspace.index.batch import BatchResult, FileTask, work_off
from cloister.workspace.index.blocks import BLOCK_CHUNKS
from cloister.workspace.index.catalogue import Catalogue
from cloister.workspace.index.links import link_again
from cloister.workspace.index.plan import known_files, plan_update
from cloister.workspace.index.queue import BatchQueue
from cloister.workspace.index.records import Progress
from cloister.workspace.index.survey import Survey
from cloister.workspace.index.worn import drop_block, files_in, worn_blocks
from cloister.workspace.index.write import IndexWriter

# What is written together is written faster, and waits for the others.
_MOST_TOGETHER = 4

OnProgress = Callable[[Progress], None]
Work = Callable[[Path, Project, BatchQueue], Iterator[BatchResult]]


@dataclass(slots=True)
class Update:
    """What an update did so far, in files and bytes; `memory` is the most of every worker."""

    unchanged: int = 0
    removed: int = 0
    indexed: int = 0
    looked_at: int = 0
    source_bytes: int = 0
    memory: dict[int, int] = field(default_factory=dict)

    def note(self, result: BatchResult) -> None:
        """Count what a worker did."""
        self.indexed += sum(row[-1] is None for row in result.files)
        self.looked_at += len(result.files) + len(result.same)
        self.source_bytes += result.source_bytes
        self.memory[result.process] = result.peak_memory_bytes


def work_here(root: Path, project: Project, queue: BatchQueue) -> Iterator[BatchResult]:
    """Work batches off in this process."""
    while (batch := queue.take()) is not None:
        result = work_off(root, project, batch)
        queue.put_back(result.left)
        yield result


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where an update happens: the root, the database, who does the work, who hears of it.

    The catalogue is that of the database, where it is kept between updates.
    """

    root: Path
    connection: sqlite3.Connection
    work: Work = work_here
    on_progress: OnProgress = lambda _progress: None
    catalogue: Catalogue | None = None


def update(shop: Workshop, survey: Survey) -> Update:
    """Bring the index up to date with what was found; raises OSError or sqlite3.Error."""
    known = known_files(shop.connection, survey.among)
    plan = plan_update(known, survey, _first_free_number(shop.connection))
    catalogue = shop.catalogue or Catalogue(shop.root, shop.connection)
    is_first = not catalogue.numbers
    catalogue.add({task.path: task.number for task in plan.tasks})
    gone = catalogue.remove(plan.gone)
    writer = IndexWriter(shop.connection, catalogue.numbers)
    done = Update(plan.unchanged, len(gone))
    _write(shop, writer, catalogue.project, plan.tasks, done)
    writer.remove(gone)
    if not is_first:
        new = [task.path for task in plan.tasks if task.path not in known]
        link_again(shop.connection, writer, catalogue.project, [*new, *plan.gone])
    for block in worn_blocks(shop.connection):
        tasks = files_in(shop.connection, block)
        _write(shop, writer, catalogue.project, tasks, Update())
        drop_block(shop.connection, block)
    return done


def _write(
    shop: Workshop,
    writer: IndexWriter,
    project: Project,
    tasks: Sequence[FileTask],
    done: Update,
) -> None:
    queue = BatchQueue(tasks, *_open_block(shop.connection))
    shop.on_progress(Progress(0, len(tasks)))
    group: list[BatchResult] = []
    n_groups = 0
    for result in shop.work(shop.root, project, queue):
        done.note(result)
        shop.on_progress(Progress(done.looked_at, len(tasks), done.source_bytes))
        group.append(result)
        # Small groups at first, so that something is known soon.
        if len(group) > min(n_groups, _MOST_TOGETHER - 1):
            writer.add(group)
            group, n_groups = [], n_groups + 1
    if group:
        writer.add(group)


def _open_block(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the last block and the first place in it that is free."""
    query = "SELECT id, length(alive) FROM blocks ORDER BY id DESC LIMIT 1"
    block, place = connection.execute(query).fetchone() or (0, 0)
    return (block + 1, 0) if place >= BLOCK_CHUNKS else (block, place)


def _first_free_number(connection: sqlite3.Connection) -> int:
    """Return a number that no file has and no import refers to."""
    query = """
        SELECT max(coalesce((SELECT max(id) FROM files), 0),
                   coalesce((SELECT max(file) FROM target_members), 0))
    """
    return int(connection.execute(query).fetchone()[0]) + 1
