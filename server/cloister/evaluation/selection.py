"""Which commits and cases an evaluation replays: the newest, a few of each commit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cloister.core.errors import CloisterError, SettingsError
from cloister.evaluation.cases import Case, Change, cases_of
from cloister.evaluation.stage import is_code
from cloister.workspace.git.history import CommitSummary, changed_files, commits
from cloister.workspace.git.repository import Repository

_MOST_COMMITS = 20_000
_MOST_FILES = 200
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_S_PER_DAY = 86_400
_AGO = re.compile(r"(\d{1,4})([dwmy])")


@dataclass(frozen=True, slots=True)
class Step:
    """A commit and its cases."""

    commit: CommitSummary
    cases: tuple[Case, ...]


def select_steps(repository: Repository, since: str, n_cases: int, seed: int) -> list[Step]:
    """Return the newest commits with cases, the oldest first, and at most `n_cases` cases in all.

    `since` is a date or a time such as `6m`, back from the newest commit, so that an evaluation
    can be repeated. Raises CloisterError when there is no case.
    """
    steps: list[Step] = []
    n_left = n_cases
    for commit in _commits(repository, since):
        if n_left <= 0:
            break
        if cases := tuple(_cases(repository, commit, seed)[:n_left]):
            steps.append(Step(commit, cases))
            n_left -= len(cases)
    if not steps:
        raise CloisterError(
            f"No commit since {since} adds code that can be replayed; name an earlier date with "
            "--since, for example --since 5y."
        )
    return steps[::-1]


def start_time(since: str, newest: int) -> int:
    """Return when `since` was, in seconds since 1970; SettingsError for what is no time."""
    if ago := _AGO.fullmatch(since):
        return newest - int(ago[1]) * _DAYS[ago[2]] * _S_PER_DAY
    try:
        return int(datetime.fromisoformat(since).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise SettingsError(
            f"{since!r} is no time; write 90d, 12w, 6m, 2y or a date such as 2026-01-31."
        ) from None


def _commits(repository: Repository, since: str) -> Iterator[CommitSummary]:
    newest = next(commits(repository, 0, 1), None)
    start = start_time(since, newest.time if newest else 0)
    return commits(repository, start, _MOST_COMMITS)


def _cases(repository: Repository, commit: CommitSummary, seed: int) -> list[Case]:
    files = changed_files(repository, commit, _MOST_FILES)
    changes = [
        Change(file.path, file.old_text or "", file.new_text)
        for file in files
        if file.new_text is not None and is_code(file.path)
    ]
    return cases_of(commit.id, changes, seed)
