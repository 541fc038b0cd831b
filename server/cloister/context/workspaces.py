"""The workspaces of one editor: an index for each root, and what the person does in all of them.

An index is opened, and its worker started, when somebody first wants something of it. Unsaved
documents stand for their files there. Belongs to one event loop.
"""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cloister.context.candidate import Workspace
from cloister.context.changes import ChangesWatch
from cloister.core.document import DocumentSnapshot
from cloister.core.text import Text
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.activity import ActivityLog, Diagnostic, Edit, View
from cloister.workspace.index.location import index_database
from cloister.workspace.index.messages import WorkerReport
from cloister.workspace.index.process import IndexService
from cloister.workspace.index.read import Index

_MOST_ROOTS = 8
_MOST_OVERLAY_CHARS = 1_000_000


def _ignore(_news: object) -> None:
    """Nobody keeps the index up to date, so there is nobody to tell."""


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index, how to let it go, and how to speak with the worker that keeps it.

    `changed` takes the paths of saved files, `listen` who wants to hear the worker's reports.
    """

    index: Index
    close: Callable[[], Awaitable[None]]
    changed: Callable[[Collection[str]], None] = _ignore
    listen: Callable[[Callable[[WorkerReport], None]], None] = _ignore


OpenAt = Callable[[Path], OpenIndex]
OnReport = Callable[[Path, WorkerReport], None]


@dataclass(frozen=True, slots=True)
class _Root:
    open_index: OpenIndex
    changes: ChangesWatch


class Workspaces:
    """Everything that context sources may look into, by root; without files that are denied."""

    def __init__(
        self, open_at: OpenAt, is_denied: Callable[[Path], bool] = lambda _file: False
    ) -> None:
        self._open_at = open_at
        self._is_denied = is_denied
        self._denied: dict[str, Text] = {}
        self._roots: dict[Path, _Root] = {}
        self._documents: dict[str, DocumentSnapshot] = {}
        self._activity = ActivityLog()
        self._on_report: OnReport = lambda _root, _report: None

    def listen(self, on_report: OnReport) -> None:
        """Tell `on_report` what the workers of the indexes report from now on."""
        self._on_report = on_report

    def at(self, root: Path) -> Workspace | None:
        """Return the workspace as it is now; None when too many are open already."""
        if root not in self._roots and len(self._roots) >= _MOST_ROOTS:
            return None
        known = self._roots.get(root) or self._opened(root)
        return Workspace(
            index=known.open_index.index,
            activity=self._activity.below(root.as_posix()),
            changed_lines=known.changes.lines,
            look_for_changes=known.changes.look,
        )

    def edited(self, before: DocumentSnapshot | None, after: DocumentSnapshot) -> None:
        """Take a document that was opened or changed, unless it enters no prompt."""
        if after.path is not None and self._is_denied(after.path):
            self.closed(after.uri)
            self._denied[after.uri] = after.text
            return
        self._denied.pop(after.uri, None)
        self._documents[after.uri] = after
        if before and after.path:
            edit = edit_between(after.path.as_posix(), before.text, after.text)
            if edit is not None:
                self._activity.edited(edit)
        for root, known in self._roots.items():
            path = path_below(root, after)
            if path is not None:
                _overlay(known.open_index.index, path, after)

    def closed(self, uri: str) -> None:
        """Take that a document is no longer open: its file counts again."""
        self._denied.pop(uri, None)
        document = self._documents.pop(uri, None)
        for root, known in self._roots.items():
            path = path_below(root, document) if document else None
            if path is not None:
                known.open_index.index.drop_overlay(path)

    def saved(self, file: Path) -> None:
        """Take that a file was saved."""
        for root, known in self._roots.items():
            if file.is_relative_to(root):
                known.open_index.changed([file.relative_to(root).as_posix()])

    def viewed(self, file: Path, first_line: int, last_line: int) -> None:
        """Take which lines of a file are on the screen."""
        if not self._is_denied(file):
            self._activity.viewed(View(file.as_posix(), first_line, last_line))

    def copied(self, text: str) -> None:
        """Take what was copied, but for text of a document that enters no prompt."""
        is_denied = any(text in denied.value for denied in self._denied.values())
        self._activity.copied("" if is_denied else text)

    def diagnosed(self, file: Path, diagnostics: Iterable[Diagnostic]) -> None:
        """Take all that other tools say about a file."""
        if not self._is_denied(file):
            self._activity.diagnosed(file.as_posix(), diagnostics)

    def diagnostics_of(self, file: Path) -> tuple[Diagnostic, ...]:
        """Return what other tools last said about a file; nothing of one that is denied."""
        return self._activity.diagnostics_of(file.as_posix())

    def named_types(self, file: Path, names: Iterable[str]) -> None:
        """Take the types that matter at the cursor of a file."""
        if not self._is_denied(file):
            self._activity.named_types(file.as_posix(), names)

    async def close(self) -> None:
        """Close every index."""
        while self._roots:
            _, known = self._roots.popitem()
            await known.open_index.close()

    def _opened(self, root: Path) -> _Root:
        known = self._roots[root] = _Root(self._open_at(root), ChangesWatch(root))
        known.open_index.listen(partial(self._report, root))
        for document in self._documents.values():
            path = path_below(root, document)
            if path is not None:
                _overlay(known.open_index.index, path, document)
        return known

    def _report(self, root: Path, report: WorkerReport) -> None:
        self._on_report(root, report)


def kept_index(root: Path) -> OpenIndex:
    """Return the index of a root with a worker that keeps it up to date."""
    service = IndexService(root, index_database(root, current_user_folders()))
    return OpenIndex(service.index, service.close, service.changed, service.listen)


def stored_index(root: Path) -> OpenIndex:
    """Return the index of a root as it is."""
    index = Index.open(index_database(root, current_user_folders()), root)

    async def close() -> None:
        index.close()

    return OpenIndex(index, close)


def path_below(root: Path, document: DocumentSnapshot) -> str | None:
    """Return the document's path from the root on; None when it is not below it."""
    if document.path is None or not document.path.is_relative_to(root):
        return None
    return document.path.relative_to(root).as_posix()


def edit_between(path: str, before: Text, after: Text) -> Edit | None:
    """Return the lines that differ between two versions of a document; None when none do."""
    if before.value == after.value:
        return None
    old, new = before.value, after.value
    n_before = _largest(min(len(old), len(new)), lambda n: old[:n] == new[:n])
    rest = min(len(old), len(new)) - n_before
    n_after = _largest(rest, lambda n: old[len(old) - n :] == new[len(new) - n :])
    line = before.line_of(n_before)
    start = before.line_start(line)
    old_end = before.line_end(before.line_of(len(old) - n_after))
    new_end = after.line_end(after.line_of(len(new) - n_after))
    return Edit(path, line, old[start:old_end], new[start:new_end])


def _largest(most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number up to `most` for which something holds, as for all below it."""
    return bisect_left(range(most), True, key=lambda n: not holds(n + 1))


def _overlay(index: Index, path: str, document: DocumentSnapshot) -> None:
    if len(document.text) <= _MOST_OVERLAY_CHARS:
        index.overlay(path, document.text.value)
    else:
        index.drop_overlay(path)
