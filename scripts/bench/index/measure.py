"""Runs every measurement of the index, one after the other, on a real worker.

The folder that is measured is only read. Files are changed in a copy of what the index takes from
it, with a copy of its database.
"""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import cloister.app  # noqa: F401  # what the front-end consists of counts as its memory
from bench.index.changes import Bench, Saved, Switched, choose_files, save_files, switch_branch
from bench.index.memory import family_bytes
from bench.index.parse_pass import parse_apart
from bench.index.questions import Answers, ask, questions_in
from bench.index.rows import Cold, Measurements, Memory, Warm
from bench.index.running_worker import running_worker
from cloister.settings.user_folders import UserFolders
from cloister.workspace.index.location import index_database
from cloister.workspace.index.read import Index
from cloister.workspace.index.survey import survey_root
from development.terminal import SetupError, step

_FEWEST_CHANGES = 2


@dataclass(frozen=True, slots=True)
class Extent:
    """How often things are measured, and how long a worker must be silent to have time."""

    n_questions: int = 200
    n_saves: int = 20
    n_switched: int = 2000
    n_warm_starts: int = 3
    quiet_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Site:
    """The folder to measure, the files in it that the index takes, and where indexes are kept."""

    root: Path
    paths: Sequence[str]
    cache: Path

    @property
    def database(self) -> Path:
        """The database of the folder."""
        return _database(self.root, self.cache)


async def measure(root: Path, scratch: Path, extent: Extent) -> Measurements:
    """Measure the index of the files below `root`; `scratch` is an empty folder.

    Raises SetupError when something cannot run.
    """
    site = Site(root, [entry.path for entry in survey_root(root).entries], scratch / "cache")
    with step(f"{len(site.paths)} files, parsed alone"):
        parses = [parse_apart(root, site.paths)]
    with step("a new index"):
        cold, memory, answers = await _measure_new(site, extent.n_questions)
    with step("parsed alone again"):
        parses.append(parse_apart(root, site.paths))
    with step("starts without changes"):
        warm = await _measure_warm(site, extent.n_warm_starts)
    with step("changes"):
        saved, switched = await _measure_changes(site, scratch / "copy", extent)
    return Measurements(parses, cold, memory, answers, warm, saved, switched)


async def _measure_new(site: Site, n_questions: int) -> tuple[Cold, Memory | None, Answers]:
    questions = questions_in(site.root, site.paths, n_questions)
    processor_before = _children_seconds()
    with closing(Index.open(site.database, site.root)) as index:
        samples = [family_bytes()]
        started = time.perf_counter()
        async with running_worker(site.root, site.cache) as worker:
            await worker.ready(lambda _report: samples.append(family_bytes()))
            seconds = time.perf_counter() - started
            answers = ask(index, site.database, questions)
            samples.append(family_bytes())
    cold = Cold(seconds, _children_seconds() - processor_before, site.database.stat().st_size)
    return cold, _memory_of(samples), answers


def _memory_of(samples: Sequence[int | None]) -> Memory | None:
    known = [sample for sample in samples if sample is not None]
    return Memory(known[0], max(known[1:-1]), known[-1]) if known else None


async def _measure_warm(site: Site, n_starts: int) -> Warm:
    seconds = []
    for _ in range(n_starts):
        started = time.perf_counter()
        async with running_worker(site.root, site.cache) as worker:
            await worker.ready()
            seconds.append(time.perf_counter() - started)
    return Warm(seconds, [_stat_seconds(site) for _ in range(n_starts)])


def _stat_seconds(site: Site) -> float:
    command = [sys.executable, "-I", str(Path(__file__).with_name("stat_pass.py"))]
    lines = "".join(f"{path}\n" for path in site.paths)
    started = time.perf_counter()
    subprocess.run(command, input=lines, text=True, cwd=site.root, check=True)
    return time.perf_counter() - started


async def _measure_changes(site: Site, copy: Path, extent: Extent) -> tuple[Saved, Switched]:
    chosen = choose_files(site.root, site.paths, extent.n_saves + extent.n_switched)
    saved, switched = chosen[: extent.n_saves], chosen[extent.n_saves :]
    if min(len(saved), len(switched)) < _FEWEST_CHANGES:
        raise SetupError("There are too few files to change; measure a folder with more of them.")
    async with _bench(site, copy) as bench:
        return (
            await save_files(bench, saved, extent.quiet_seconds),
            await switch_branch(bench, switched, extent.quiet_seconds),
        )


@asynccontextmanager
async def _bench(site: Site, copy: Path) -> AsyncIterator[Bench]:
    """Copy the files and their index, and start a worker there."""
    # Rules for ignoring files that lie around the copy end at it.
    (copy / ".git").mkdir(parents=True)
    for path in site.paths:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(site.root / path, copy / path)
    database = _database(copy, site.cache)
    database.parent.mkdir(parents=True)
    shutil.copy2(site.database, database)
    with closing(Index.open(database, copy)) as index:
        async with running_worker(copy, site.cache) as worker:
            await worker.ready()
            yield Bench(copy, index, worker)


def _database(root: Path, cache: Path) -> Path:
    return index_database(root, UserFolders(Path.home(), {"XDG_CACHE_HOME": str(cache)}))


def _children_seconds() -> float:
    """Return the processor time of all processes that ended below this one."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
