"""The other files of a repository, cut into windows of 20 lines: what simple builders choose from.

Files come and go as the history is replayed, so a window keeps its number for ever and postings are
only appended to; windows of files that changed are dead and are passed over.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass

from cloister.evaluation.words import words_in

WINDOW_LINES = 20
STRIDE_LINES = 10

# The usual constants of BM25.
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
# Words in more windows than that tell hardly anything, and cost the most.
_COMMON_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class CodeWindow:
    """So many lines of a file from `first_line`, counted from 0."""

    path: str
    first_line: int
    text: str


@dataclass(frozen=True, slots=True)
class _File:
    lines: Sequence[str]
    window_ids: range
    words: frozenset[str]


class Corpus:
    """The files of one state of a repository and the words in their windows."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._windows: list[CodeWindow | None] = []
        self._n_words: list[int] = []
        self._n_distinct: list[int] = []
        self._postings: dict[str, list[int]] = {}
        self._n_windows_with: Counter[str] = Counter()
        self._files_with: dict[str, dict[str, None]] = {}
        self._n_live = 0
        self._n_live_words = 0

    @property
    def paths(self) -> Collection[str]:
        """Every file, in the order in which it came."""
        return self._files.keys()

    def put(self, path: str, text: str) -> None:
        """Add a file, or replace what was known of it."""
        self.remove(path)
        lines = text.splitlines()
        first_id = len(self._windows)
        for first_line in _window_starts(len(lines)):
            window = "\n".join(lines[first_line : first_line + WINDOW_LINES])
            self._add(CodeWindow(path, first_line, window))
        words = frozenset(words_in(text))
        self._files[path] = _File(lines, range(first_id, len(self._windows)), words)
        for word in words:
            self._files_with.setdefault(word, {})[path] = None

    def remove(self, path: str) -> None:
        """Forget a file, if it is known."""
        file = self._files.pop(path, None)
        if file is None:
            return
        for window_id in file.window_ids:
            self._kill(window_id)
        for word in file.words:
            del self._files_with[word][path]

    def lines_of(self, path: str) -> Sequence[str]:
        """Return the lines of a file; raises KeyError for an unknown one."""
        return self._files[path].lines

    def files_with(self, word: str) -> KeysView[str]:
        """Return the files in which a word stands."""
        return self._files_with.get(word, {}).keys()

    def windows(self) -> list[CodeWindow]:
        """Return every window, in the order in which it came."""
        return [window for window in self._windows if window is not None]

    def by_bm25(self, words: Iterable[str], excluded: str, most: int) -> list[CodeWindow]:
        """Return the best windows outside the file `excluded`, by BM25 over distinct words."""
        scores: dict[int, float] = {}
        average = self._n_live_words / max(1, self._n_live)
        for word in dict.fromkeys(words):
            if not 0 < self._n_windows_with[word] <= _COMMON_SHARE * self._n_live:
                continue
            idf = self._idf(word)
            for window_id, count in Counter(self._postings.get(word, ())).items():
                length = _LENGTH_SHARE * self._n_words[window_id] / average
                saturated = count + _SATURATION * (1 - _LENGTH_SHARE + length)
                gain = idf * count * (_SATURATION + 1) / saturated
                scores[window_id] = scores.get(window_id, 0.0) + gain
        return self._best(scores, excluded, most)

    def by_jaccard(self, words: Iterable[str], excluded: str, most: int) -> list[CodeWindow]:
        """Return the best windows outside the file `excluded`, by the share of common words."""
        asked = frozenset(words)
        common: Counter[int] = Counter()
        for word in sorted(asked):
            common.update(set(self._postings.get(word, ())))
        sizes = self._n_distinct
        scores = {it: n / (len(asked) + sizes[it] - n) for it, n in common.items()}
        return self._best(scores, excluded, most)

    def _add(self, window: CodeWindow) -> None:
        window_id, words = len(self._windows), words_in(window.text)
        self._windows.append(window)
        self._n_words.append(len(words))
        self._n_distinct.append(len(set(words)))
        for word in words:
            self._postings.setdefault(word, []).append(window_id)
        self._n_windows_with.update(set(words))
        self._n_live += 1
        self._n_live_words += len(words)

    def _kill(self, window_id: int) -> None:
        window = self._windows[window_id]
        if window is not None:
            self._n_windows_with.subtract(set(words_in(window.text)))
            self._n_live -= 1
            self._n_live_words -= self._n_words[window_id]
            self._windows[window_id] = None

    def _idf(self, word: str) -> float:
        n = self._n_windows_with[word]
        return math.log(1 + (self._n_live - n + 0.5) / (n + 0.5))

    def _best(self, scores: Mapping[int, float], excluded: str, most: int) -> list[CodeWindow]:
        """Return the live windows with the highest scores; of equal ones the newest is first."""
        best: list[CodeWindow] = []
        for _, window_id in sorted(zip(scores.values(), scores, strict=True), reverse=True):
            window = self._windows[window_id]
            if window is not None and window.path != excluded:
                best.append(window)
            if len(best) == most:
                break
        return best


def _window_starts(n_lines: int) -> range:
    # The last window need not be full, but shows at least one line that no other one does.
    return range(0, max(1, n_lines - STRIDE_LINES), STRIDE_LINES) if n_lines else range(0)
