"""The file in which git waits for a message, and the repository that it is about."""

import re
from collections.abc import Iterable
from pathlib import Path

from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.text import Text
from cloister.features.editing.task import Action, CommitMessage, Offer
from cloister.workspace.git.repository import open_repository, working_tree_of

ACTION_NAME = "commit-message"
_LANGUAGE_ID = "gitcommit"
# What Neovim and what VS Code calls it.
_LANGUAGE_IDS = frozenset({_LANGUAGE_ID, "git-commit"})
_FILE_NAME = "COMMIT_EDITMSG"
# Below such a line git shows the changes and reads nothing.
_SCISSORS = re.compile(r"\S -+ >8 -+")
# What git may begin its own lines with.
_COMMENT_SIGNS = frozenset("#;@!$%^&|:")
_TITLE = "Write the message from what is staged"


def is_commit_message(document: DocumentSnapshot) -> bool:
    """Return whether a document is a message to git and no code."""
    return document.language_id in _LANGUAGE_IDS


def commit_offers(
    actions: Iterable[Action], document: DocumentSnapshot
) -> list[tuple[Action, Offer]]:
    """Return what can be done in a message: it can be written while it is empty."""
    top = _top(document) if _is_empty(document.text) else None
    if top is None:
        return []
    offer = Offer(_TITLE, (CommitMessage(top),), is_preferred=True)
    return [(action, offer) for action in actions if action.name == ACTION_NAME]


def repository_of(document: DocumentSnapshot) -> DocumentSnapshot:
    """Return a message's repository in its place: git's own folder is denied to everybody.

    Any other document is returned as it is.
    """
    top = _top(document) if is_commit_message(document) else None
    return document if top is None else DocumentSnapshot(top.as_uri(), top, "", None, Text(""))


def next_message(root: Path) -> DocumentSnapshot:
    """Return the empty message of the next commit in the repository around a folder.

    Raises CloisterError where there is none with a working tree.
    """
    with open_repository(root) as repository:
        folder = None if repository is None else repository.git_folder
    if folder is None or working_tree_of(folder) is None:
        raise CloisterError(f"{root} lies in no git repository that can be read; choose another.")
    path = folder / _FILE_NAME
    return DocumentSnapshot(path.as_uri(), path, _LANGUAGE_ID, None, Text(""))


def _top(document: DocumentSnapshot) -> Path | None:
    path = document.path
    return working_tree_of(path.parent) if path and path.name == _FILE_NAME else None


def _is_empty(text: Text) -> bool:
    """Return whether there is nothing but what git says."""
    sign = ""
    for number in range(text.line_count):
        line = text.line(number)
        if _SCISSORS.match(line):
            return True
        if line.strip():
            sign = sign or line[0]
            if line[0] != sign or sign not in _COMMENT_SIGNS:
                return False
    return True
