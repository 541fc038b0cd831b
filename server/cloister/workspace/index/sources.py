"""The texts of files, read when they are asked for and kept while they stay the same."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from cloister.workspace.files.content import NotIndexed, read_source
from cloister.workspace.protection.denials import Denials

_MOST_CHARS = 8_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[int, ...]
    text: str | None


class Sources:
    """Reads files below `root`; keeps the last ones, up to a number of characters."""

    def __init__(self, root: Path, most_chars: int = _MOST_CHARS) -> None:
        self._root = root
        self._denials = Denials(root)
        self._most_chars = most_chars
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._n_chars = 0

    def text(self, path: str) -> str | None:
        """Return the text of the file at `path`, None when it is none that may be indexed.

        What is denied now is not told, whatever the index holds.
        """
        stamp = () if self._denials.has(path) else self._stamp(path)
        kept = self._kept.get(path)
        if kept is not None and kept.stamp == stamp:
            self._kept.move_to_end(path)
            return kept.text
        text = self._read(path) if stamp else None
        self._keep(path, _Kept(stamp, text))
        return text

    def _stamp(self, path: str) -> tuple[int, ...]:
        """Return what tells two contents of the file apart; empty when there is none."""
        try:
            facts = (self._root / path).stat()
        except (OSError, ValueError):
            return ()
        return facts.st_ino, facts.st_size, facts.st_mtime_ns

    def _read(self, path: str) -> str | None:
        source = read_source(self._root, path)
        return None if isinstance(source, NotIndexed) else source.text

    def _keep(self, path: str, kept: _Kept) -> None:
        self._drop(path)
        self._kept[path] = kept
        self._n_chars += len(kept.text or "")
        while self._n_chars > self._most_chars and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, path: str) -> None:
        kept = self._kept.pop(path, None)
        self._n_chars -= len(kept.text or "") if kept else 0
