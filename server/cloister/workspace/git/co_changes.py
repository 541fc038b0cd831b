"""Files that were changed together: a hint which files belong together.

A commit of two files says more about them than one of twenty, and one of many files says nothing.
What it says loses half its weight every few hundred commits, so that weights depend on the commits
only and not on the clock.
"""

import time
from collections import defaultdict
from itertools import combinations, islice

from cloister.workspace.git.history import changed_blobs, commits
from cloister.workspace.git.repository import Repository

_MOST_FILES = 30
_HALF_LIFE_COMMITS = 300
_MOST_PAIRS = 100_000

CoChanges = dict[tuple[str, str], float]


def co_changes(
    repository: Repository, most_commits: int = 2_000, seconds: float = 20.0
) -> CoChanges:
    """Return the weights of pairs of files, each pair in alphabetical order, the heaviest first.

    Ends early after `seconds`, with what the newest commits say.
    """
    deadline = time.monotonic() + seconds
    weights: CoChanges = defaultdict(float)
    for age, commit in enumerate(commits(repository, since=0, most=most_commits)):
        if time.monotonic() > deadline:
            break
        changed = changed_blobs(repository, commit.parent, commit.id, _MOST_FILES + 1)
        if 1 < len(changed) <= _MOST_FILES:
            vote = 0.5 ** (age / _HALF_LIFE_COMMITS) / len(changed)
            for pair in combinations(sorted(blob.path for blob in changed), 2):
                weights[pair] += vote
        if len(weights) > 2 * _MOST_PAIRS:
            weights = defaultdict(float, _heaviest(weights))
    return _heaviest(weights)


def _heaviest(weights: CoChanges) -> CoChanges:
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return dict(islice(ordered, _MOST_PAIRS))
