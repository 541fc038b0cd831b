"""The messages of the last commits: each repository has a custom of its own."""

from collections.abc import Iterator

from dulwich.objects import Commit, ObjectID

from cloister.core.text import with_plain_newlines
from cloister.workspace.git.history import commits
from cloister.workspace.git.repository import Repository, read_object

_MAX_MESSAGE_BYTES = 10_000


def last_messages(repository: Repository, most: int) -> list[str]:
    """Return the messages of at most `most` commits that are no merges, the newest first."""
    return list(_messages(repository, most))


def _messages(repository: Repository, most: int) -> Iterator[str]:
    for summary in commits(repository, since=0, most=most):
        commit = read_object(repository, ObjectID(summary.id.encode()), Commit)
        try:
            text = "" if commit is None else commit.message[:_MAX_MESSAGE_BYTES].decode()
        except UnicodeDecodeError:
            continue
        if text.strip():
            yield with_plain_newlines(text).strip()
