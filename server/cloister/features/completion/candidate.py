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
        lines, n_chars = LineProbabilities(), 0
        for chunk in self.chunks:
            if n_chars >= len(self.text):
                break
            n_chars += len(chunk.text)
            lines.add(chunk)
        return lines.values[: self.text.count("\n") + 1]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """Text for a cursor, and how sure who wrote it was of its first line (0 to 1).

    `source` names a service that wrote it; empty is the model here.
    """

    text: str
    confidence: float = 1.0
    source: str = ""


class LineProbabilities:
    """How likely each line is, as the product over the chunks that have a part in it."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values = [1.0]

    def add(self, chunk: Chunk) -> None:
        """Count a chunk on every line it writes on, a bare line end on the line it begins."""
        pieces = chunk.text.split("\n")
        has_text = any(pieces)
        for index, piece in enumerate(pieces):
            if index:
                self.values.append(1.0)
            if piece or (not has_text and index == len(pieces) - 1):
                self.values[-1] *= chunk.probability


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a candidate is not shown; a plain sentence without source text."""

    reason: str


FilterResult = Candidate | Dropped
