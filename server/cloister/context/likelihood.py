"""How likely each name is to be wanted next, from everything that was found.

A name is likely when several places that resemble this one have it, and when it is made of the same
words as the names near the cursor.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cloister.context.candidate import Candidate
from cloister.context.names import names_of_lines
from cloister.context.query import ContextQuery
from cloister.workspace.index.words import terms_of

# Chosen by recall on added lines of real commits.
_PER_KINSHIP = 0.6
_MOST_LIKELY = 0.9
# Names beyond these have no chance.
_MOST_NAMES = 600
_terms_of = lru_cache(maxsize=20_000)(terms_of)


def name_likelihoods(query: ContextQuery, candidates: Iterable[Candidate]) -> Mapping[str, float]:
    """Return the probability of each hidden name, as if candidates were independent witnesses."""
    doubts: dict[str, float] = {}
    for candidate in candidates:
        doubt = 1 - candidate.score
        for name in names_of_lines(candidate.text):
            doubts[name] = doubts.get(name, 1.0) * doubt
    known = query.visible | query.reserved
    likely = {
        name: (1 - doubt) * kinship(query, name)
        for name, doubt in doubts.items()
        if name not in known
    }
    names = sorted(likely, key=lambda name: (-likely[name], name))[:_MOST_NAMES]
    return {name: min(_MOST_LIKELY, likely[name]) for name in names}


def kinship(query: ContextQuery, name: str) -> float:
    """Return by how much words that a name shares with the cursor's surroundings raise it."""
    worths = [query.worths.get(term, 0.0) for term in (name, *_terms_of(name))]
    return math.exp(_PER_KINSHIP * max(worths))
