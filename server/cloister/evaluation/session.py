"""One evaluation from beginning to end: cases, a stage in a temporary folder, results."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from cloister.core.errors import CloisterError
from cloister.evaluation.configuration import Configuration, builder_of
from cloister.evaluation.replay import Contest, replay
from cloister.evaluation.results import CaseResult
from cloister.evaluation.selection import Step, select_steps
from cloister.evaluation.stage import Stage
from cloister.workspace.git.repository import Repository, open_repository


@dataclass(frozen=True, slots=True)
class Plan:
    """What to replay: so many cases of the commits since a time, chosen by a seed, and for whom.

    With a model its tokens count, its window is shown, and it is asked what it makes of contexts.
    """

    root: Path
    since: str
    n_cases: int
    seed: int
    configurations: tuple[Configuration, ...]
    model: Path | None = None
    holes_only: bool = False


OnCase = Callable[[int, int], object]
"""Called with the number of cases done, and of all."""


def evaluate(plan: Plan, n_processes: int, on_case: OnCase) -> list[CaseResult]:
    """Return the result of every case. Raises CloisterError when nothing can be replayed."""
    with repository_at(plan.root) as repository:
        steps = select_steps(repository, plan.since, plan.n_cases, plan.seed)
    parts = _parts(steps, n_processes)
    total = sum(len(step.cases) for step in steps)
    on_case(0, total)
    results: list[CaseResult] = []
    for result in _one_by_one(plan, steps) if len(parts) == 1 else _side_by_side(plan, parts):
        results.append(result)
        on_case(len(results), total)
    if not results:
        raise CloisterError(
            f"None of the {total} cases needs a name of another file; ask for more with --n."
        )
    return results


@contextmanager
def repository_at(root: Path) -> Iterator[Repository]:
    """Open the repository at `root`; raises CloisterError when there is none to read."""
    with open_repository(root) as repository:
        if repository is None:
            raise CloisterError(
                f"{root} is in no git repository that can be read; name a folder that is."
            )
        yield repository


@contextmanager
def stage_of(repository: Repository) -> Iterator[Stage]:
    """Give an empty stage in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="cloister-eval-") as name:
        folder = Path(name) / "tree"
        folder.mkdir()
        stage = Stage(repository, folder, Path(name) / "index.sqlite")
        try:
            yield stage
        finally:
            stage.index.close()


def _one_by_one(plan: Plan, steps: Sequence[Step]) -> Iterator[CaseResult]:
    with (
        repository_at(plan.root) as repository,
        stage_of(repository) as stage,
        _contest(plan) as contest,
    ):
        yield from replay(steps, stage, contest)


@contextmanager
def _contest(plan: Plan) -> Iterator[Contest]:
    builders = [builder_of(configuration) for configuration in plan.configurations]
    if plan.model is None:
        yield Contest(builders, plan.seed, holes_only=plan.holes_only)
        return
    # llama.cpp takes a while to import.
    from cloister.evaluation.judge import judge_with

    with judge_with(plan.model) as judge:
        rules = (judge.count_tokens, judge.window_of, judge)
        yield Contest(builders, plan.seed, *rules, holes_only=plan.holes_only)


def _side_by_side(plan: Plan, parts: Sequence[Sequence[Step]]) -> Iterator[CaseResult]:
    """Replay the parts in a process each; results come part by part."""
    context = get_context("spawn")
    with ProcessPoolExecutor(len(parts), mp_context=context) as executor:
        for results in executor.map(_all_of, [plan] * len(parts), parts):
            yield from results


def _all_of(plan: Plan, steps: Sequence[Step]) -> list[CaseResult]:
    return list(_one_by_one(plan, steps))


def _parts(steps: Sequence[Step], n_parts: int) -> list[Sequence[Step]]:
    """Cut the steps into runs of about the same length."""
    length = -(-len(steps) // min(n_parts, len(steps)))
    return [steps[start : start + length] for start in range(0, len(steps), length)]
