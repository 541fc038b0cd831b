"""What is left out of a workspace: by ignore files, by name, or because a tool put it aside.

Ignore files are `.gitignore` in any folder up to the repository's root, with a repository's own
`info/exclude`, and `.cloisterignore` in any folder. The latter can only take away: its `!` brings
back what itself ignores, never what git ignores. What `deny` in a `.cloister.toml` names is left
out as well, from any folder up to the root of the file system. Nothing is read that a configuration
names (`core.excludesFile`), and no ignore file that is a symbolic link, as in git. Letters match in
their own case only, but for `deny`.
"""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from cloister.settings.repository_file import REPOSITORY_FILE_NAME
from cloister.workspace.files.patterns import (
    MAX_IGNORE_FILE_BYTES,
    IgnorePatterns,
    parse_patterns,
)
from cloister.workspace.files.regular import read_regular
from cloister.workspace.files.secret import is_secret, is_secret_name
from cloister.workspace.protection.globs import DenyGlobs
from cloister.workspace.protection.marks import Marks

# Others' code and what tools write for themselves; large, and nobody edits it.
_LEFT_OUT = frozenset(
    """
    .git .hg .svn .jj
    node_modules bower_components site-packages dist-packages .eggs Pods
    __pycache__ .mypy_cache .ruff_cache .pytest_cache .tox .nox .hypothesis
    .gradle .terraform .next .nuxt .svelte-kit .turbo .parcel-cache .cache DerivedData
    """.split()  # noqa: SIM905  # four lines are easier to read than twenty-six
)
# A folder with one of these is a virtual environment, or says of itself that it is a cache.
_MARKS_OF_LEFT_OUT = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
# What decides about a folder when it lies in it.
MARKS = _MARKS_OF_LEFT_OUT | {".git", ".gitignore", ".cloisterignore", REPOSITORY_FILE_NAME}
_MOST_PARENTS = 100


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of an ignore file and how many bytes of a path name its folder."""

    patterns: IgnorePatterns
    start: int


@dataclass(frozen=True, slots=True)
class _Denied:
    """The patterns of a mark; a path from the top begins with `start` characters that do not count.

    A folder above the top puts what lies between them in front of it.
    """

    globs: DenyGlobs
    start: int
    before: str = ""

    def has(self, path: str) -> bool:
        return self.globs.match(self.before + path[self.start :]) is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """The rules that hold in one folder, which `path` names from the top, with a slash at its end.

    The rules of deeper folders come later and win. The two chains are asked one after the other;
    what is denied anywhere is denied.
    """

    folder: str
    path: bytes = b""
    git: tuple[_Rules, ...] = ()
    own: tuple[_Rules, ...] = ()
    denied: tuple[_Denied, ...] = ()

    def ignores_file(self, name: str) -> bool:
        """Return whether an ignore file leaves out a file of the folder."""
        whole = os.fsdecode(self.path) + name
        return self._ignores(os.fsencode(name)) or any(each.has(whole) for each in self.denied)

    def ignores_folder(self, name: str) -> bool:
        """Return whether a folder in the folder is left out with all that is in it."""
        if name in _LEFT_OUT or is_secret_name(name):
            return True
        return self._ignores(os.fsencode(name) + b"/")

    def inside(self, name: str) -> "Scope":
        """Return the rules in a folder of this folder, before its own are read."""
        path = self.path + os.fsencode(name) + b"/"
        return replace(self, folder=f"{self.folder}/{name}", path=path)

    def with_marks(self, marks: Collection[str]) -> "Scope":
        """Return the rules with those of the folder itself; `marks` are those it holds."""
        # Another repository begins: what was said outside of it does not hold in it.
        git = self._read(".git/info/exclude") if ".git" in marks else self.git
        if ".gitignore" in marks:
            git += self._read(".gitignore")
        own = self.own
        if ".cloisterignore" in marks:
            own += self._read(".cloisterignore")
        denied = self.denied
        if REPOSITORY_FILE_NAME in marks:
            denied += _denied(self.folder, len(os.fsdecode(self.path)))
        return replace(self, git=git, own=own, denied=denied)

    def _ignores(self, name: bytes) -> bool:
        path = self.path + name
        return _decision(self.git, path, name) or _decision(self.own, path, name)

    def _read(self, name: str) -> tuple[_Rules, ...]:
        try:
            data, _ = read_regular(f"{self.folder}/{name}", MAX_IGNORE_FILE_BYTES)
        except OSError:
            return ()
        patterns = parse_patterns(data)
        return () if patterns is None else (_Rules(patterns, len(self.path)),)


def scope_around(root: Path) -> Scope:
    """Return the rules that the folders around a workspace's root set, up to its repository's.

    The root itself is never left out: somebody opened it.
    """
    real_root = Path(os.path.realpath(root))
    top = _top_of(real_root)
    above = (_denied(str(folder), 0, f"{top.relative_to(folder)}/") for folder in top.parents)
    scope = Scope(str(top), denied=tuple(chain.from_iterable(above)))
    for name in real_root.relative_to(top).parts:
        scope = scope.with_marks(marks_in(scope.folder)).inside(name)
    return scope


def _denied(folder: str, start: int, before: str = "") -> tuple[_Denied, ...]:
    mark = Marks().of_folder(folder)
    return () if mark is None else (_Denied(mark.deny, start, before),)


def marks_in(folder: str) -> frozenset[str]:
    """Return the marks that a folder holds."""
    return frozenset(mark for mark in MARKS if os.path.lexists(f"{folder}/{mark}"))


def is_put_aside(marks: Collection[str]) -> bool:
    """Return whether a folder that holds these marks is left out for them."""
    return not _MARKS_OF_LEFT_OUT.isdisjoint(marks)


class IgnoreRules:
    """The rules of a workspace for one path at a time, as they were when they were first needed.

    Make a new one after an ignore file has changed.
    """

    def __init__(self, root: Path) -> None:
        around = scope_around(root)
        self._scopes: dict[str, Scope | None] = {"": around.with_marks(marks_in(around.folder))}

    def ignores(self, path: str) -> bool:
        """Return whether the file at `path`, relative to the root, is left out; it may be gone."""
        if not _is_inside(path) or is_secret(path):
            return True
        folder, _, name = path.rpartition("/")
        scope = self._scope(folder)
        return scope is None or scope.ignores_file(name)

    def _scope(self, folder: str) -> Scope | None:
        for known in _with_parents(folder):
            if known not in self._scopes:
                self._scopes[known] = self._enter(known)
        return self._scopes[folder]

    def _enter(self, folder: str) -> Scope | None:
        parent, _, name = folder.rpartition("/")
        outer = self._scopes[parent]
        if outer is None or outer.ignores_folder(name):
            return None
        scope = outer.inside(name)
        marks = marks_in(scope.folder)
        return None if is_put_aside(marks) else scope.with_marks(marks)


def _decision(chain: tuple[_Rules, ...], path: bytes, name: bytes) -> bool:
    for rules in reversed(chain):
        decision = rules.patterns.decision(path[rules.start :], name)
        if decision is not None:
            return decision
    return False


def _is_inside(path: str) -> bool:
    return all(part not in ("", ".", "..") for part in path.split("/"))


def _with_parents(folder: str) -> Iterator[str]:
    """Yield every folder on the way to `folder`, the outermost first, without the root."""
    parts = folder.split("/") if folder else []
    for n_parts in range(1, len(parts) + 1):
        yield "/".join(parts[:n_parts])


def _top_of(root: Path) -> Path:
    parents = (root, *root.parents)[:_MOST_PARENTS]
    return next((folder for folder in parents if os.path.lexists(folder / ".git")), root)
