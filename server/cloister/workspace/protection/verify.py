"""Whether a repository that should be protected is: for hooks before a commit, and for CI.

What counts is what others get, so the mark must be in git as well as on the disk, and must not say
less than in the last commit. No program is run; git's files are read by themselves.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from cloister.settings.repository_file import (
    MAX_REPOSITORY_FILE_BYTES,
    REPOSITORY_FILE_NAME,
    RepositoryFile,
    parse_repository_file,
)
from cloister.workspace.files.ignore import IgnoreRules
from cloister.workspace.git.history import blob_bytes, file_of
from cloister.workspace.git.repository import Repository, head_commit, open_repository
from cloister.workspace.git.staged import staged_bytes
from cloister.workspace.protection.marks import Marks

_MOST_PATTERNS_NAMED = 10


def weaknesses(root: Path, index: Path | None = None) -> tuple[str, ...]:
    """Return a sentence for each reason why `root` is not protected; none when it is.

    `index` is what git uses instead of its usual index while it commits some files only.
    """
    return tuple(dict.fromkeys((*_on_disk(root), *_in_git(root, index))))


def _on_disk(root: Path) -> Iterator[str]:
    mark = Marks().of_folder(os.path.realpath(root))
    if mark is None:
        yield f"There is no {REPOSITORY_FILE_NAME}; `cloister policy init` writes one."
    else:
        yield from _in_text(mark.said)


def _in_text(said: RepositoryFile) -> Iterator[str]:
    if said.broken:
        yield f"{REPOSITORY_FILE_NAME} cannot be used, because {said.broken}; correct it."
    elif not said.local_only:
        yield f"{REPOSITORY_FILE_NAME} does not say `local-only = true`; add it."
    for problem in said.problems:
        yield f"{REPOSITORY_FILE_NAME}: {problem}"


def _in_git(root: Path, index: Path | None) -> Iterator[str]:
    with open_repository(root) as repository:
        if repository is not None:
            yield from _in_repository(root, repository, index)
        elif _lies_in_repository(root):
            yield "Git's own files cannot be read here, so it is not known what is committed."


def _in_repository(root: Path, repository: Repository, index: Path | None) -> Iterator[str]:
    staged = staged_bytes(repository, REPOSITORY_FILE_NAME, MAX_REPOSITORY_FILE_BYTES, index)
    if staged is None:
        yield f"{REPOSITORY_FILE_NAME} is not in git; `git add` it{_despite_ignore(root)}."
        return
    said = parse_repository_file(staged)
    yield from _in_text(said)
    committed = _committed(repository)
    if committed is not None:
        lost = [glob for glob in committed.deny if glob not in said.deny]
        for glob in lost[:_MOST_PATTERNS_NAMED]:
            yield f"{REPOSITORY_FILE_NAME} no longer denies {glob[:60]!a}, as in the last commit."


def _committed(repository: Repository) -> RepositoryFile | None:
    head = head_commit(repository)
    blob_id = None if head is None else file_of(repository, head.id.decode(), REPOSITORY_FILE_NAME)
    data = None if blob_id is None else blob_bytes(repository, blob_id, MAX_REPOSITORY_FILE_BYTES)
    return None if data is None else parse_repository_file(data)


def _despite_ignore(root: Path) -> str:
    return " -f, because git ignores it" if IgnoreRules(root).ignores(REPOSITORY_FILE_NAME) else ""


def _lies_in_repository(root: Path) -> bool:
    real = Path(os.path.realpath(root))
    return any(os.path.lexists(folder / ".git") for folder in (real, *real.parents))
