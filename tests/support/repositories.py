"""Real git repositories for tests, made with dulwich."""

from pathlib import Path

from dulwich.repo import Repo

AUTHOR = b"Somebody <somebody@example.org>"


def commit(repo: Repo, files: dict[str, str | None], time: int) -> str:
    """Write files, remove those without text, commit both, and return the commit's name."""
    worktree = repo.get_worktree()
    for path, text in files.items():
        place = Path(repo.path) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            place.unlink()
        else:
            place.write_text(text)
    worktree.stage(list(files))
    name = worktree.commit(
        message=b"change",
        committer=AUTHOR,
        author=AUTHOR,
        commit_timestamp=time,
        author_timestamp=time,
        commit_timezone=0,
        author_timezone=0,
        sign=False,
    )
    return name.decode()


def object_file(repo: Repo, name: str) -> Path:
    """Return the file of an object that no pack holds."""
    return Path(repo.commondir()) / "objects" / name[:2] / name[2:]
