"""What the filters work on: generated text, where it would go, and how sure the model was."""

from dataclasses import dataclass, replace

from cloister.core.generation import Chunk


@dataclass(frozen=True, slots=True)
class Candidate:
    r"""Text that may be inserted at the cursor.

    `before` and `after` are the window's text around the cursor, with `\n` line ends. `text` is
    always a beginning of the joined `chunks`.
    """

    text: str
    chunks: tuple[Chunk, ...]
    before: str
    after: str
    min_confidence: float = 0.0

    def cut(self, n_chars: int) -> "Candidate":
        """Return the candidate shortened to its first `n_chars` characters."""
        return replace(self, text=self.text[:n_chars])

    @property
    def line_before(self) -> str:
        """The cursor's line up to the cursor."""
        return self.before[self.before.rfind("\n") + 1 :]

    @property
    def line_after(self) -> str:
        """The cursor's line from the cursor on."""
        return self.after.partition("\n")[0]

    def line_probabilities(self) -> list[float]:
        """Return for each line of `text` how likely the model held all of it to be, 0 to 1."""
        lines = [1.0] * (self.text.count("\n") + 1)
        n_chars = 0
        for chunk in self.chunks:
            if n_chars >= len(self.text):
                break
            # A chunk that ends one line and begins the next belongs to the one it begins.
            n_chars += len(chunk.text)
            lines[self.text.count("\n", 0, n_chars)] *= chunk.probability
        return lines


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a candidate is not shown; a plain sentence without source text."""

    reason: str


FilterResult = Candidate | Dropped
