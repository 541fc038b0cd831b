"""The messages of the last commits, as far as they are text that somebody wrote."""

from pathlib import Path

from cloister.workspace.git.messages import last_messages
from cloister.workspace.git.repository import open_repository
from support.git import git, repository


def test_the_last_messages_come_first_and_merges_not_at_all(tmp_path: Path) -> None:
    here = repository(tmp_path / "here", {"a": "a\n"})
    git(here, "checkout", "--quiet", "-b", "other")
    said(here, "Count\r\n\r\nLines.")
    git(here, "checkout", "--quiet", "main")
    git(here, "merge", "--quiet", "--no-ff", "--message=Join", "other")
    said(here, "grün".encode("latin-1"))
    assert messages(here) == ["Count\n\nLines."]
    said(here, "x" * 20_000)
    assert [len(it) for it in messages(here)] == [10_000, 13]
    assert len(messages(here, most=1)) == 1


def test_without_a_commit_there_is_none(tmp_path: Path) -> None:
    assert messages(repository(tmp_path / "here")) == []


def said(here: Path, message: str | bytes) -> None:
    file = here / ".git" / "said"
    file.write_bytes(message.encode() if isinstance(message, str) else message)
    # Else git turns what is no UTF-8 into UTF-8.
    encoding = () if isinstance(message, str) else ("-c", "i18n.commitEncoding=latin-1")
    words = ("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=.git/said")
    git(here, *encoding, *words)


def messages(here: Path, most: int = 9) -> list[str]:
    with open_repository(here) as found:
        assert found is not None
        return last_messages(found, most)
