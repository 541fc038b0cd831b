"""What the working trees of one repository have in common: the folder in which its objects lie.

Another working tree often shows another branch, on which there is no mark. A `.git` file is
believed only when the folder that it names says the same: nobody else's repository can be closed by
who wrote one.
"""

import os
import stat

from cloister.workspace.files.regular import read_regular

_MOST_BYTES = 8192


def shared_git_folder(top: str) -> str | None:
    """Return the git folder of the repository whose working tree `top`, without links, is.

    None when it is the top of none, when its `.git` is a link, and for a submodule.
    """
    dot_git = f"{top.rstrip(os.sep)}/.git"
    try:
        mode = os.lstat(dot_git).st_mode
        if stat.S_ISDIR(mode):
            return dot_git
        return _of_worktree(top, dot_git) if stat.S_ISREG(mode) else None
    except (OSError, ValueError):
        return None


def _of_worktree(top: str, dot_git: str) -> str | None:
    own = _real(top, _line_of(dot_git).removeprefix("gitdir:").strip())
    shared, name, _ = own.rsplit(os.sep, 2)
    says_the_same = _real(own, _line_of(f"{own}/gitdir")) == dot_git
    return shared if name == "worktrees" and says_the_same else None


def _real(folder: str, named: str) -> str:
    return os.path.realpath(os.path.join(folder, named))  # noqa: PTH118  # asked for each request


def _line_of(path: str) -> str:
    return os.fsdecode(read_regular(path, _MOST_BYTES)[0]).strip()
