"""What the person did lately, as far as the editor tells: bounded, in memory, never written.

One log takes what happens in all workspaces, also before anybody asked for one. It belongs to the
event loop; `below` gives a value that other threads may read.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

_Value = TypeVar("_Value")
_Place = TypeVar("_Place", "Edit", "View")

_MOST_EDITS = 40
_MOST_VIEWS = 20
_MOST_FILES = 50
_MOST_CHARS = 4000
_MOST_NAMES = 200
# Typing on within so many lines of the last edit goes on with that edit.
_SAME_PLACE_LINES = 3


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines that were replaced: what `first_line` and those after it said before, and say now."""

    path: str
    first_line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class View:
    """Lines that were shown on the screen; the last one is included."""

    path: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What another tool says about some lines of a file."""

    first_line: int
    last_line: int
    message: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Everything below a folder at one moment, the latest first; paths are from there on."""

    edits: tuple[Edit, ...] = ()
    views: tuple[View, ...] = ()
    clipboard: str = ""
    diagnostics: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    type_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ActivityLog:
    """Takes what happens and keeps the latest of it; paths are absolute, in POSIX style."""

    def __init__(self) -> None:
        self._edits: deque[Edit] = deque(maxlen=_MOST_EDITS)
        self._views: deque[View] = deque(maxlen=_MOST_VIEWS)
        self._clipboard = ""
        self._diagnostics: OrderedDict[str, tuple[Diagnostic, ...]] = OrderedDict()
        self._type_names: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def edited(self, edit: Edit) -> None:
        """Take an edit; one that goes on with the last one replaces it."""
        last = self._edits[0] if self._edits else None
        if last is not None and (joined := _joined(last, edit)) is not None:
            self._edits[0] = joined
        elif len(edit.old) + len(edit.new) <= _MOST_CHARS:
            self._edits.appendleft(edit)

    def viewed(self, view: View) -> None:
        """Take what is on the screen; of each file the latest place counts."""
        others = [each for each in self._views if each.path != view.path]
        self._views = deque([view, *others], maxlen=_MOST_VIEWS)

    def copied(self, text: str) -> None:
        """Take what was copied; a text that is too long to show is forgotten."""
        self._clipboard = text if len(text) <= _MOST_CHARS else ""

    def diagnosed(self, path: str, diagnostics: Iterable[Diagnostic]) -> None:
        """Take all that is said about a file now."""
        _put(self._diagnostics, path, tuple(diagnostics)[:_MOST_NAMES])

    def diagnostics_of(self, path: str) -> tuple[Diagnostic, ...]:
        """Return what was last said about a file."""
        return self._diagnostics.get(path, ())

    def named_types(self, path: str, names: Iterable[str]) -> None:
        """Take the names of types that matter at the cursor of a file."""
        _put(self._type_names, path, tuple(names)[:_MOST_NAMES])

    def below(self, folder: str) -> Activity:
        """Return what happened in files below a folder, as far as it is known now."""
        start = folder.rstrip("/") + "/"
        return Activity(
            edits=_below(start, self._edits),
            views=_below(start, self._views),
            clipboard=self._clipboard,
            diagnostics=_named_below(start, self._diagnostics),
            type_names=_named_below(start, self._type_names),
        )


def _below(start: str, places: Iterable[_Place]) -> tuple[_Place, ...]:
    return tuple(
        replace(each, path=each.path.removeprefix(start))
        for each in places
        if each.path.startswith(start)
    )


def _named_below(start: str, values: Mapping[str, _Value]) -> dict[str, _Value]:
    return {
        path.removeprefix(start): value for path, value in values.items() if path.startswith(start)
    }


def _joined(last: Edit, edit: Edit) -> Edit | None:
    """Return both edits as one when the second changes what the first one wrote."""
    if last.path != edit.path or edit.old not in last.new:
        return None
    offset = edit.first_line - last.first_line
    if not 0 <= offset <= last.new.count("\n") + _SAME_PLACE_LINES:
        return None
    lines = last.new.split("\n")
    n_old = edit.old.count("\n") + 1
    if lines[offset : offset + n_old] != edit.old.split("\n"):
        return None
    new = "\n".join([*lines[:offset], *edit.new.split("\n"), *lines[offset + n_old :]])
    return Edit(last.path, last.first_line, last.old, new) if len(new) <= _MOST_CHARS else None


def _put(kept: OrderedDict[str, tuple[_Value, ...]], path: str, value: tuple[_Value, ...]) -> None:
    kept[path] = value
    kept.move_to_end(path)
    if len(kept) > _MOST_FILES:
        kept.popitem(last=False)
