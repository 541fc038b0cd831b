"""Where paths led since this process started.

An editor keeps the text of a file that it opened through a link, also when the link leads elsewhere
by now or is gone. So what was said about any of the files that it ever led to goes on to count.
"""

import os

_MOST_TARGETS = 100
_MOST_LINKS = 100_000


class Targets:
    """The real paths of everything that was asked about; belongs to one thread."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """Return every real path that an absolute path was seen to have, the present one included.

        Raises ValueError for a path that no system call takes, or when there are too many.
        """
        real, known = os.path.realpath(path), self._known.get(path, ())
        if real in known or (real == path and not known):
            # What never was a link need not be remembered.
            return known or (real,)
        if len(known) >= _MOST_TARGETS or len(self._known) >= _MOST_LINKS:
            raise ValueError("links lead to too many places; restart cloister")
        self._known[path] = (*known, real)
        return self._known[path]
