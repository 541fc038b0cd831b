"""The life of the index worker: become the writer, bring the index up to date, keep it so.

Large updates are the work of a pool, which is forked and therefore never runs beside the thread
that watches; small ones happen here. What goes wrong is said in one sentence and tried again later:
the index is a convenience, and the editor works without.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from cloister.syntax.languages import language_for_path
from cloister.workspace.files.ignore import MARKS
from cloister.workspace.index.batch import DEADLY, load
from cloister.workspace.index.bounds import bound_keeper
from cloister.workspace.index.catalogue import Catalogue
from cloister.workspace.index.election import try_to_become_writer
from cloister.workspace.index.messages import WorkerReport, WorkerState
from cloister.workspace.index.orders import Orders
from cloister.workspace.index.plan import known_files, plan_update
from cloister.workspace.index.pool import work_in_pool
from cloister.workspace.index.records import Progress
from cloister.workspace.index.schema import fold_log
from cloister.workspace.index.survey import open_and_survey, survey_paths, survey_root
from cloister.workspace.index.together import update_co_changes
from cloister.workspace.index.update import Workshop, update, work_here
from cloister.workspace.index.watch import Watch, folders_of, watching

_ELECTION_SECONDS = 1.0
_LOOK_SECONDS = 0.25
_WITHOUT_WATCH_SECONDS = 30.0
_WITHOUT_ROOT_SECONDS = 2.0
_AFTER_TROUBLE_SECONDS = 60.0
# More files than this are the work of the pool.
_MOST_HERE = 100

Tell = Callable[[WorkerReport], None]


@dataclass(frozen=True, slots=True)
class Job:
    """The workspace and its index, where commands come from and where reports go."""

    root: Path
    database: Path
    orders: Orders
    tell: Tell


class _StoppedError(Exception):
    """Somebody wants us to stop in the middle of an update."""


def serve(job: Job) -> None:
    """Keep the index up to date until commands end; returns when it may be left alone."""
    bound_keeper()
    told = ""
    lock: int | None = None
    try:
        while not job.orders.stopped:
            try:
                if lock is None and (lock := _elected(job)) is None:
                    return
                _serve_as_writer(job)
            except (OSError, sqlite3.Error) as error:
                problem = _sentence(error)
                # The same trouble is told once.
                job.tell(
                    WorkerReport(WorkerState.READY, problem="" if problem == told else problem)
                )
                told = problem
                _wait(job, _AFTER_TROUBLE_SECONDS)
    except _StoppedError:
        return
    finally:
        if lock is not None:
            os.close(lock)


def _elected(job: Job) -> int | None:
    """Wait until this process is the writer; None when it is stopped before."""
    lock = try_to_become_writer(job.database.parent)
    if lock is None:
        job.tell(WorkerReport(WorkerState.WAITING))
    while lock is None and not job.orders.stopped:
        job.orders.wait(_ELECTION_SECONDS)
        # The writer watches the same files.
        job.orders.changed()
        lock = try_to_become_writer(job.database.parent)
    return lock


def _serve_as_writer(job: Job) -> None:
    connection, survey = open_and_survey(job.root, job.database)
    with closing(connection):
        shop = Workshop(job.root, connection, work_in_pool, lambda progress: _report(job, progress))
        while not job.orders.stopped:
            update(shop, survey)
            update_co_changes(job.root, connection)
            fold_log(connection)
            _follow(job, replace(shop, work=work_here, on_progress=_be_silent))
            survey = survey_root(job.root)


def _follow(job: Job, shop: Workshop) -> None:
    """Take in changes as they happen; return when everything has to be looked at again."""
    known = known_files(shop.connection)
    ready = WorkerReport(WorkerState.READY, files=len(known))
    if not job.root.is_dir():
        # It may be on a drive that comes back.
        job.tell(ready)
        _wait(job, _WITHOUT_ROOT_SECONDS)
        return
    try:
        with watching(job.root, folders := folders_of(known)) as watch:
            # What changed before the watch began.
            if _is_much(shop):
                return
            shop = replace(shop, catalogue=Catalogue(job.root, shop.connection))
            update(shop, survey_root(job.root))
            job.tell(ready)
            # Before somebody waits for it.
            load()
            _follow_watch(job, shop, watch, folders)
    except (OSError, RuntimeError):
        job.tell(replace(ready, problem=_NO_WATCH))
        _follow_commands(job, shop)


_NO_WATCH = (
    "The system does not tell cloister which files change (on Linux raise "
    "fs.inotify.max_user_watches), so it looks at all of them every 30 seconds."
)


def _follow_watch(job: Job, shop: Workshop, watch: Watch, folders: Collection[str]) -> None:
    root = _identity(job.root)
    # Of a root that was removed and made again the system tells nothing.
    while not job.orders.stopped and _identity(job.root) == root:
        job.orders.wait(_LOOK_SECONDS)
        # Asking the watch takes a moment, for which who has saved a file need not wait.
        paths = job.orders.changed() or watch.changed()
        if len(paths) > _MOST_HERE or any(_needs_a_look(shop, each, folders) for each in paths):
            return
        if _update_some(shop, paths):
            job.tell(WorkerReport(WorkerState.READY, files=_count_files(shop)))


def _follow_commands(job: Job, shop: Workshop) -> None:
    until = time.monotonic() + _WITHOUT_WATCH_SECONDS
    while not job.orders.stopped and (left := until - time.monotonic()) > 0:
        job.orders.wait(left)
        _update_some(shop, job.orders.changed()[:_MOST_HERE])


def _update_some(shop: Workshop, paths: Collection[str]) -> bool:
    """Bring some files up to date; return whether there were any that could be in the index."""
    sources = [path for path in paths if language_for_path(Path(path)) is not None]
    if shop.catalogue is not None:
        shop.catalogue.note_changes(paths)
    if sources:
        update(shop, survey_paths(shop.root, sources))
    return bool(sources)


def _count_files(shop: Workshop) -> int:
    return int(shop.connection.execute("SELECT count(*) FROM files").fetchone()[0])


def _needs_a_look(shop: Workshop, path: str, folders: Collection[str]) -> bool:
    """Return whether more than the file at `path` may be new, or gone, or ignored, or deadly."""
    is_more = Path(path).name in MARKS or path in folders or (shop.root / path).is_dir()
    return is_more or _was_deadly(shop, path)


def _was_deadly(shop: Workshop, path: str) -> bool:
    """Return whether the file killed who analysed it, so that it is for the pool."""
    query = "SELECT 1 FROM files WHERE path = ? AND skipped = ?"
    return shop.connection.execute(query, (path, DEADLY)).fetchone() is not None


def _identity(root: Path) -> tuple[int, int]:
    try:
        facts = root.stat()
    except OSError:
        return 0, 0
    return facts.st_dev, facts.st_ino


def _is_much(shop: Workshop) -> bool:
    plan = plan_update(known_files(shop.connection), survey_root(shop.root), 0)
    return len(plan.tasks) + len(plan.gone) > _MOST_HERE


def _wait(job: Job, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not job.orders.stopped and (left := until - time.monotonic()) > 0:
        job.orders.wait(left)


def _report(job: Job, progress: Progress) -> None:
    job.orders.wait(0)
    if job.orders.stopped:
        raise _StoppedError
    job.tell(WorkerReport(WorkerState.INDEXING, progress.done, progress.total))


def _be_silent(_progress: Progress) -> None:
    """Small updates are over before anybody reads of them."""


def _sentence(error: OSError | sqlite3.Error) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return (
        f"The index cannot be written ({reason}), so completions know less of other files; "
        "free space in the cache folder."
    )
