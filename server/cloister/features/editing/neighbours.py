"""Which kinds of files a folder holds, by their names alone, and of a bounded number of them."""

import os
from collections import Counter, deque
from itertools import islice
from pathlib import Path, PurePath

_MOST_NAMES = 1_000
_MOST_NAMES_OF_A_FOLDER = 200
_OTHERS_CODE = frozenset({"node_modules", "target", "vendor", "__pycache__", "dist", "build"})


def extensions_below(root: Path) -> Counter[str]:
    """Return how often each extension occurs below a folder, further up first."""
    counts = Counter[str]()
    waiting = deque([str(root)])
    n_seen = 0
    while waiting and n_seen < _MOST_NAMES:
        folder = waiting.popleft()
        for entry in _entries(folder):
            n_seen += 1
            if entry.is_file(follow_symlinks=False):
                counts[PurePath(entry.name).suffix.lower()] += 1
            elif entry.is_dir(follow_symlinks=False) and entry.name not in _OTHERS_CODE:
                waiting.append(entry.path)
    return counts


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            shown = (it for it in entries if not it.name.startswith("."))
            return list(islice(shown, _MOST_NAMES_OF_A_FOLDER))
    except OSError:
        return []
