"""Shows in a terminal what is being done, in one line that the next step replaces."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cloister.core.invisible import shown
from cloister.features.editing.steps import Step, Watch, unwatched

_EMPTY_LINE = "\r\x1b[2K"


@contextmanager
def watching() -> Iterator[Watch]:
    """Return who shows steps while an action is done; nothing is shown where nobody looks."""
    if not sys.stderr.isatty():
        yield unwatched
        return
    try:
        yield _show
    finally:
        sys.stderr.write(_EMPTY_LINE)
        sys.stderr.flush()


def _show(step: Step) -> None:
    words = shown(step.message)[: shutil.get_terminal_size().columns - 1]
    sys.stderr.write(f"{_EMPTY_LINE}{words}")
    sys.stderr.flush()
