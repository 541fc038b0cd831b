"""What a generation has come to so far, as the one who waits for it sees it."""

import time
from dataclasses import dataclass, field, replace

from cloister.core.generation import Chunk, Finish, Generation, Timings


@dataclass(slots=True)
class Progress:
    """What a generation has produced so far, on the clock of the one who waits for it."""

    chunks: list[Chunk] = field(default_factory=list)
    timings: Timings = field(default_factory=Timings)
    started: float = field(default_factory=time.monotonic)
    first_token_ms: float = 0.0

    def add(self, chunk: Chunk) -> None:
        """Take the next piece."""
        self.first_token_ms = self.first_token_ms or self._since_ms()
        self.chunks.append(chunk)

    def generation(self, finish: Finish) -> Generation:
        """Return everything that has arrived."""
        # Without a last word from the engine, the tokens that arrived are those that count.
        arrived = sum(chunk.n_tokens for chunk in self.chunks)
        timings = replace(
            self.timings,
            generated_tokens=self.timings.generated_tokens or arrived,
            first_token_ms=self.first_token_ms,
            total_ms=self._since_ms(),
        )
        return Generation(tuple(self.chunks), finish, timings)

    def _since_ms(self) -> float:
        return (time.monotonic() - self.started) * 1000
