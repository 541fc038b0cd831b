"""Where context comes from: one source per file, found by discovery.

A source file defines `SOURCE = Source(name, find)`. Sources do not know each other; one that fails
or takes too long is left out, and the others count.
"""

import importlib
import logging
import pkgutil
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery

logger = logging.getLogger(__name__)

# More than any budget can show.
_MOST_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Collected:
    """What all sources found, how long each took, and the types of errors of those that failed."""

    candidates: tuple[Candidate, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every source, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.SOURCE for module in modules)


def collect(
    query: ContextQuery,
    workspace: Workspace,
    sources: Iterable[Source],
    deadline: float,
    disabled: Collection[str] = (),
) -> Collected:
    """Ask each source that is not disabled, until `deadline` (of `time.monotonic`)."""
    collected: list[Candidate] = []
    timings: dict[str, float] = {}
    failures: dict[str, str] = {}
    for source in sources:
        started = time.monotonic()
        if source.name in disabled:
            continue
        if started > deadline:
            failures[source.name] = "late"
            continue
        try:
            for n, candidate in enumerate(source.find(query, workspace), start=1):
                collected.append(candidate)
                if n == _MOST_CANDIDATES or time.monotonic() > deadline:
                    break
        except Exception as error:  # noqa: BLE001  # one source must not cost the others
            failures[source.name] = type(error).__name__
            logger.warning("context source %s failed: %s", source.name, type(error).__name__)
        timings[source.name] = (time.monotonic() - started) * 1000
    return Collected(tuple(collected), timings, failures)
