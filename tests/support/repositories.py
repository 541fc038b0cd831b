"""Real git repositories for tests, made with dulwich."""

from pathlib import Path

from dulwich.objects import Commit, ObjectID, Tree
from dulwich.refs import HEADREF
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


def commit_folders_without_end(repo: Repo) -> None:
    """Commit forty folders of which each holds the next one ten times, and no file at all."""
    tree = Tree()
    repo.object_store.add_object(tree)
    for _ in range(40):
        outer = Tree()
        for number in range(10):
            outer.add(b"%d" % number, 0o040000, tree.id)
        repo.object_store.add_object(outer)
        tree = outer
    head = repo[repo.head()]
    assert isinstance(head, Commit)
    following = head.copy()
    assert isinstance(following, Commit)
    following.tree, following.parents = tree.id, [ObjectID(head.id)]
    repo.object_store.add_object(following)
    repo.refs.set_if_equals(HEADREF, head.id, following.id)


def object_file(repo: Repo, name: str) -> Path:
    """Return the file of an object that no pack holds."""
    return Path(repo.commondir()) / "objects" / name[:2] / name[2:]
