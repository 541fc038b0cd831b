"""From a place to what might be shown there: all sources, and what their findings make likely."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cloister.context.candidate import Candidate, Workspace
from cloister.context.likelihood import name_likelihoods
from cloister.context.query import ContextQuery
from cloister.context.signatures import SOURCE_NAME, signatures_of
from cloister.context.sources import all_sources, collect
from cloister.workspace.index.read import Index

SOURCE_NAMES = (*(source.name for source in all_sources()), SOURCE_NAME)


@dataclass(frozen=True, slots=True, repr=False)
class Findings:
    """What was found, how likely each name of it is, and how long each source took."""

    query: ContextQuery
    candidates: Sequence[Candidate]
    likelihoods: Mapping[str, float]
    timings_ms: Mapping[str, float]
    failures: Mapping[str, str]


def find_context(
    query: ContextQuery, workspace: Workspace, deadline: float, disabled: Collection[str] = ()
) -> Findings:
    """Ask all sources that are not disabled until `deadline` (of `time.monotonic`)."""
    query = replace(query, worths=_worths(query, workspace.index))
    collected = collect(query, workspace, all_sources(), deadline, disabled)
    likelihoods = name_likelihoods(query, collected.candidates)
    candidates = list(collected.candidates)
    if SOURCE_NAME not in disabled:
        candidates += signatures_of(workspace, likelihoods)
    return Findings(query, candidates, likelihoods, collected.timings_ms, collected.failures)


def _worths(query: ContextQuery, index: Index) -> dict[str, float]:
    n_chunks, frequencies = index.n_chunks, index.document_frequency(query.terms)
    return {
        term: nearness * math.log(1 + n_chunks / (1 + frequencies[term]))
        for term, nearness in query.terms.items()
    }
