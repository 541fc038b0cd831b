"""What sources find at the cases of a repository, for fitting."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.context.fitting import FitCase, all_ranks, fit, fit_case, goodness, present_weights
from bench.rows import Row
from cloister.context.sources.similar import similar_chunks
from cloister.evaluation.needs import usual_window
from cloister.evaluation.ours import find
from cloister.evaluation.replay import situation_of
from cloister.evaluation.selection import select_steps
from cloister.evaluation.session import repository_at, stage_of

_HIGH_RANKS = (30, 80)


def fitted_rows(cases: Sequence[FitCase]) -> Iterator[Row]:
    """Fit, and yield each weight and what it is good for, beside the weights as they are."""
    present = present_weights(cases)
    fitted = fit(cases, present)
    for name in fitted:
        yield Row(f"weight of {name}", "log-odds", fitted[name], floor=present[name])
    n_needed = sum(len(case.needed) for case in cases)
    for least in _HIGH_RANKS:
        ours, floor = (_share_above(cases, each, least) for each in (fitted, present))
        yield Row(f"needed names of rank {least} or better", f"of {n_needed}", ours, floor=floor)
    goods = (goodness(cases, each) for each in (fitted, present))
    yield Row("worth of all ranks", "1 is best", next(goods), floor=next(goods))


def fit_cases(root: Path, since: str, n_cases: int) -> Iterator[FitCase]:
    """Yield the cases of a repository that need names of other files."""
    with repository_at(root) as repository, stage_of(repository) as stage:
        for step in select_steps(repository, since, n_cases, 0):
            stage.move_before(step.commit)
            for case in step.cases:
                situation = situation_of(case, usual_window(case), stage, 0)
                if not situation.needs.names:
                    continue
                situation.index.overlay(case.path, case.prefix + case.suffix)
                found = find(situation)
                chunks = list(similar_chunks(found.query, situation.index))
                situation.index.drop_overlay(case.path)
                yield fit_case(found, chunks, situation.needs.names)


def _share_above(cases: Sequence[FitCase], weights: Mapping[str, float], least: int) -> float:
    ranks = all_ranks(cases, weights)
    return sum(rank < least for rank in ranks) / sum(len(case.needed) for case in cases)
