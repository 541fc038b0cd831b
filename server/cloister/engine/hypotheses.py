"""A small beam: several ways to write a line at once, of which the likeliest whole line wins.

The likeliest next token is often not the beginning of the likeliest line. Each hypothesis is the
line so far, in tokens; a finished one counts with its end, and all ways to spell and to end the
same line count together. Pure: whoever evaluates tells what may come next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloister.engine.healing import told_and_left
from cloister.engine.kv import Tokens


@dataclass(frozen=True, slots=True)
class Choice:
    """A token that may come next, and its probability; `ends` when the model finishes with it."""

    token: int
    piece: bytes
    probability: float
    ends: bool


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A line so far; `parent` is its place among those it was one token shorter in.

    `opening` is what of the typed text it has still to spell.
    """

    tokens: Tokens
    text: bytes
    probability: float
    opening: bytes
    parent: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A finished line: `text` without its end, `rest` from the line end on (nothing at the end).

    `probability` is that of the line and its end, over all the ways to write it that were seen.
    """

    tokens: Tokens
    text: bytes
    rest: bytes
    probability: float


class Beam:
    """The open hypotheses of a line, at most `width`, and the finished ones."""

    def __init__(self, width: int, opening: bytes) -> None:
        self.open: tuple[Hypothesis, ...] = (Hypothesis((), b"", 1.0, opening),)
        self.width = width
        self._finished: dict[bytes, Line] = {}

    @property
    def best(self) -> Line | None:
        """The likeliest finished line so far."""
        return max(self._finished.values(), key=lambda line: line.probability, default=None)

    @property
    def unfinished(self) -> Line:
        """The likeliest line so far, as it is."""
        likeliest = self.open[0]
        return Line(likeliest.tokens, likeliest.text, b"", likeliest.probability)

    def extend(self, choices: Sequence[Sequence[Choice]]) -> None:
        """Go on from each open hypothesis by each of its choices, and keep those that may win.

        None is open afterwards when the best line is final.
        """
        longer = [
            (hypothesis.probability * choice.probability, place, hypothesis, choice)
            for place, hypothesis in enumerate(self.open)
            for choice in choices[place]
        ]
        longer.sort(key=lambda entry: -entry[0])
        still_open: list[Hypothesis] = []
        for probability, place, hypothesis, choice in longer:
            piece = b"" if choice.ends else choice.piece
            told, opening = told_and_left(piece, hypothesis.opening)
            line, end, rest = told.partition(b"\n")
            tokens, text = (*hypothesis.tokens, choice.token), hypothesis.text + line
            if choice.ends or end:
                self._finish(Line(tokens, text, end + rest, probability))
            elif len(still_open) < self.width:
                still_open.append(Hypothesis(tokens, text, probability, opening, place))
        least = self.best.probability if self.best else 0.0
        self.open = tuple(it for it in still_open if it.probability > least)

    def _finish(self, line: Line) -> None:
        """Add a finished line to the others that read the same; the likelier way to it stays."""
        known = self._finished.get(line.text)
        if known is None:
            self._finished[line.text] = line
            return
        likelier = max(known, line, key=lambda it: it.probability)
        together = known.probability + line.probability
        self._finished[line.text] = Line(likelier.tokens, line.text, likelier.rest, together)
