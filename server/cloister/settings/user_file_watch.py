"""Notices changes of the user's settings file, and is the only module that knows watchfiles.

Folders are watched rather than the file, because editors replace files; where the file is a
symbolic link into somebody's collection of dotfiles, the folder it points to as well.
"""

import logging
from collections.abc import Callable
from pathlib import Path

# Changes are looked for four times a second, and those of one saving are taken together.
_STEP_MS = 250
_MOST_TOGETHER_MS = 1000
_LOOK_MS = 1000

logger = logging.getLogger(__name__)


async def watch_user_file(path: Path, on_change: Callable[[], None]) -> None:
    """Call `on_change` after every change of the file at `path`, until cancelled.

    Returns when watching is impossible here: changes then count from the next start.
    """
    try:
        while True:
            await _watch_until_linked_elsewhere(path, on_change)
    except OSError as error:
        logger.warning("the settings file is not watched: %s", error.strerror)


async def _watch_until_linked_elsewhere(path: Path, on_change: Callable[[], None]) -> None:
    from watchfiles import awatch

    places, version = _places(path), _version(path)
    names = {place.name for place in places}
    changes = awatch(
        *{place.parent for place in places},
        watch_filter=lambda _change, name: Path(name).name in names,
        debounce=_MOST_TOGETHER_MS,
        step=_STEP_MS,
        recursive=False,
        # Also without a change: one that was made while the watch began is found by looking.
        yield_on_timeout=True,
        rust_timeout=_LOOK_MS,
    )
    async for found in changes:
        if found or _version(path) != version:
            version = _version(path)
            on_change()
        if _places(path) != places:
            return


def _version(path: Path) -> tuple[int, ...]:
    """Return what tells two contents of the file apart; empty when there is none."""
    try:
        facts = path.stat()
    except OSError:
        return ()
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _places(path: Path) -> set[Path]:
    """Return the path and what it links to, each in a folder that exists."""
    # Ours is made, because one that does not exist cannot be watched.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        target = path.resolve()
    except RuntimeError:
        # A link to itself.
        return {path}
    return {path, target} if target.parent.is_dir() else {path}
