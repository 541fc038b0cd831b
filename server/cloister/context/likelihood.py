"""How likely each name is to be wanted next, from everything that was found.

A name is likely when several places that resemble this one have it, and when it is made of the same
words as the names near the cursor.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from cloister.context.candidate import Candidate
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery
from cloister.workspace.index.words import terms_of

# Chosen by recall on added lines of real commits.
_PER_KINSHIP = 0.6
_MOST_LIKELY = 0.9
# Names beyond these have no chance.
_MOST_NAMES = 600


def name_likelihoods(query: ContextQuery, candidates: Iterable[Candidate]) -> Mapping[str, float]:
    """Return the probability of each hidden name, as if candidates were independent witnesses."""
    doubts: defaultdict[str, float] = defaultdict(lambda: 1.0)
    for candidate in candidates:
        doubt = 1 - candidate.score
        for name in candidate_names(candidate):
            doubts[name] *= doubt
    witnessed = {name: 1 - doubt for name, doubt in doubts.items() if query.is_hidden(name)}
    likely = {name: value * _kinship(query, name) for name, value in witnessed.items()}
    names = sorted(likely, key=lambda name: (-likely[name], name))[:_MOST_NAMES]
    return {name: min(_MOST_LIKELY, likely[name]) for name in names}


def candidate_names(candidate: Candidate) -> set[str]:
    """Return the names in a candidate's text."""
    return {name for line in candidate.text.split("\n") for name in names_of_line(line)}


def _kinship(query: ContextQuery, name: str) -> float:
    """Return by how much words that a name shares with the cursor's surroundings raise it."""
    worths = (query.worths.get(term, 0.0) for term in (name, *terms_of(name)))
    return math.exp(_PER_KINSHIP * max(worths))
