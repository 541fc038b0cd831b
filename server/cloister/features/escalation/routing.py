"""Whether `[routing]` of the user's file names what exists: a name that nothing has asks nobody."""

import difflib
from collections.abc import Collection, Iterator

from cloister.settings.settings import RoutingMode, RoutingSettings


def routing_problems(
    routing: RoutingSettings, tasks: Collection[str], backends: Collection[str]
) -> Iterator[str]:
    """Yield one sentence for each thing that is missing, or is none of the known names."""
    is_used = routing.mode == RoutingMode.LOW_CONFIDENCE
    if routing.backend and routing.backend not in backends:
        hint = _hint(routing.backend, backends) or "; `cloister backend add` adds one."
        yield f"[routing] names a backend {routing.backend[:60]!r} that does not exist{hint}"
    for task in routing.tasks:
        if task not in tasks:
            hint = _hint(task, tasks) or "; `cloister action list` names all."
            yield f"[routing] names a task {task[:60]!r} that does not exist{hint}"
    for key in ("backend", "tasks"):
        if is_used and not getattr(routing, key):
            yield f"[routing] with the mode {routing.mode!r} needs {key!r}; add it."


def _hint(name: str, known: Collection[str]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
