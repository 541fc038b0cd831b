"""Everything that is said about a path by marks, by the administrator, by records and by names.

A restriction that was seen once holds as long as this process runs, whatever becomes of its file or
of the link that led there; one that a mark spells out is written down as well. Belongs to one
thread.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cloister.core.privacy import Layer, LayerKind, Level
from cloister.settings.user_folders import UserFolders
from cloister.workspace.files.secret import secret_part
from cloister.workspace.protection.chain import Holder, holders_of
from cloister.workspace.protection.marks import Mark, Marks, OnProblems, mark_path
from cloister.workspace.protection.record import LocalOnlyRecord
from cloister.workspace.protection.targets import Targets
from cloister.workspace.protection.worktrees import shared_git_folder

_ADMINISTRATORS_FILE = {
    "darwin": "/Library/Application Support/cloister/policy.toml",
    "win32": r"C:\ProgramData\cloister\policy.toml",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rules lie that are not in folders of the path itself."""

    administrator: Path
    record: Path


def usual_places(folders: UserFolders, platform: str = sys.platform) -> Places:
    """Return where they lie on this machine for a user."""
    return Places(
        administrator=Path(_ADMINISTRATORS_FILE.get(platform, "/etc/cloister/policy.toml")),
        record=folders.state / "cloister" / "local-only",
    )


class Protection:
    """Answers for one path at a time, as things are now; `on_problems` hears what is wrong."""

    def __init__(
        self,
        places: Places,
        on_problems: OnProblems = lambda _problems: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._record = LocalOnlyRecord(places.record)
        self._administrator = str(places.administrator)
        self._marks = Marks(on_problems)
        self._targets = Targets()
        self._on_problems = on_problems
        self._clock = clock

    def layers(self, path: Path) -> tuple[Layer, ...]:
        """Return what is said about an absolute path, whether or not a file is there."""
        try:
            holders = self._holders(path)
            found = (
                *self._of_administrator(holders),
                *_of_names(holders),
                *self._of_holders(holders),
            )
        except (OSError, ValueError) as error:
            rule = f"its folders cannot be looked at: {error}"
            return (Layer(LayerKind.REPOSITORY, Level.LOCAL_ONLY, rule),)
        return tuple(dict.fromkeys(found))

    def real_paths(self, path: Path) -> tuple[Path, ...]:
        """Return every real path that an absolute path was seen to have; see `Targets.of`."""
        return tuple(map(Path, self._targets.of(str(path))))

    def digests(self, path: Path) -> tuple[tuple[str, str], ...]:
        """Return path and SHA-256 of every file with rules that holds for an absolute path.

        Raises OSError or ValueError for one whose folders cannot be looked at.
        """
        folders = [holder.folder for holder in self._holders(path)]
        marks = [self._marks.at(self._administrator), *map(self._marks.of_folder, folders)]
        return tuple(
            dict.fromkeys((str(mark.path), mark.sha256) for mark in marks if mark is not None)
        )

    def _holders(self, path: Path) -> tuple[Holder, ...]:
        return tuple(holders_of(path, self._targets.of(str(path))))

    def _of_administrator(self, holders: tuple[Holder, ...]) -> Iterator[Layer]:
        mark = self._marks.at(self._administrator)
        if mark is not None:
            if mark.said.is_restricting:
                self._record.see(holders[-1].canonical)
            yield _layer(LayerKind.ADMINISTRATOR, mark)
        for path in _names_of_file(holders):
            yield from self._denied(self._administrator, path)

    def _of_holders(self, holders: tuple[Holder, ...]) -> Iterator[Layer]:
        for holder in holders:
            mark = self._marks.of_folder(holder.folder)
            if mark is not None:
                yield from self._of_mark(mark, holder)
            yield from self._denied(mark_path(holder.folder), holder.rest)
            if mark is None or not mark.said.is_restricting:
                yield from self._of_record(holder)

    def _of_record(self, holder: Holder) -> Iterator[Layer]:
        for canonical in _recorded_as(holder):
            if reason := self._record.holds(canonical):
                yield Layer(LayerKind.RECORD, Level.LOCAL_ONLY, reason, Path(canonical))

    def _of_mark(self, mark: Mark, holder: Holder) -> Iterator[Layer]:
        yield _layer(LayerKind.REPOSITORY, mark)
        for canonical in _recorded_as(holder) if mark.said.is_restricting else ():
            self._record.see(canonical)
            if mark.said.local_only:
                self._write_down(canonical)

    def _denied(self, mark: str, rest: str) -> Iterator[Layer]:
        if (rule := self._marks.denial(mark, rest)) is not None:
            yield Layer(LayerKind.DENIED_FILE, Level.LOCAL_ONLY, rule, Path(mark))

    def _write_down(self, canonical: str) -> None:
        try:
            self._record.write_down(canonical, self._clock())
        except OSError as error:
            problem = (
                f"{canonical} cannot be put on record as local-only ({error.strerror}); it stays "
                "so until cloister ends, and after that as long as its mark is there."
            )
            self._on_problems((problem,))


def _layer(kind: LayerKind, mark: Mark) -> Layer:
    if mark.said.broken:
        rule = f"it counts as local-only, because {mark.said.broken}"
    elif mark.said.local_only:
        rule = "`local-only = true`"
    else:
        return Layer(kind, Level.ALLOW, "it does not restrict where text may go", mark.path)
    return Layer(kind, Level.LOCAL_ONLY, rule, mark.path)


def _recorded_as(holder: Holder) -> Iterator[str]:
    """Yield a folder, and the git folder that it shares with other working trees."""
    yield holder.canonical
    if (shared := shared_git_folder(holder.canonical)) is not None:
        yield shared


def _of_names(holders: tuple[Holder, ...]) -> Iterator[Layer]:
    for path in _names_of_file(holders):
        if (name := secret_part(path)) is not None:
            rule = f"{name[:60]!a} is a name of secrets"
            yield Layer(LayerKind.DENIED_FILE, Level.LOCAL_ONLY, rule)


def _names_of_file(holders: tuple[Holder, ...]) -> Iterator[str]:
    """Yield the file's path, and its real ones where they differ."""
    return (holder.folder for holder in holders if not holder.rest)
