"""What is being done for somebody who waits for an action, in words for people.

A step is told often while a model writes, so whoever listens decides how much of it is shown.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cloister.core.generation import Chunk
from cloister.features.editing.repetition import repeats_itself

READING_FILE = "Reading the file"
READING_OTHERS = "Looking at other files"
LOADING = "Loading the model"
CHECKING = "Checking"


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """A few words, and while a model writes what it has written so far."""

    message: str
    written: str = ""


Watch = Callable[[Step], object]
"""Is told each step; must return at once."""


def unwatched(_step: Step) -> None:
    """Take no note of a step: nobody looks."""


class Writing:
    """Tells how a text grows and how fast; called with each chunk.

    It has enough of a text that only says the same again.
    """

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._clock = clock
        self._begun = 0.0
        self._n_tokens = 0
        self._n_first = 0
        self._text = ""

    def __call__(self, chunk: Chunk) -> bool:
        """Take note of a chunk; returns whether that was enough."""
        now = self._clock()
        if not self._n_tokens:
            # Before the first chunk the model read.
            self._begun, self._n_first = now, chunk.n_tokens
        self._n_tokens += chunk.n_tokens
        self._text += chunk.text
        self._watch(Step(self._words(now - self._begun), self._text))
        return repeats_itself(self._text)

    def _words(self, seconds: float) -> str:
        if seconds <= 0 or self._n_tokens <= self._n_first:
            return "Writing"
        rate = (self._n_tokens - self._n_first) / seconds
        return f"Writing, {self._n_tokens} tokens, {rate:.1f} tokens/s"
