"""Texts that go on from one document, all evaluated in one batch; they share its cells."""

from collections.abc import Callable, Sequence

from cloister.engine.kv import Tokens
from cloister.engine.llama.context import SEQUENCES, BatchToken, Context

_WHOLE = 0
_FIRST_BRANCH = 2


class Branches:
    """The sequences that branch off the document in the context at position `start`.

    Each step makes every branch one token longer. `close` them before the document goes on, or
    leaves the context; they can grow again when it is back.
    """

    def __init__(self, context: Context, start: int) -> None:
        self._context = context
        self._start = start
        self._sequences: list[int] = []
        # What an abandoned search left behind would be read as part of these.
        self.close()

    def grow(
        self, parents: Sequence[int], texts: Sequence[Tokens], should_stop: Callable[[], bool]
    ) -> bool:
        """Evaluate the last token of each text, which goes on from a branch of the step before.

        Branches without a child are given up. Those that were closed are evaluated from their
        start. False when it was interrupted; raises BackendUnavailableError like the context.
        """
        n_known = len(texts[0]) - 1 if self._sequences else 0
        sources = [self._sequences[it] for it in parents] if n_known else [_WHOLE] * len(texts)
        self._sequences = self._inherit(sources)
        entries = [
            BatchToken(text[at], self._start + at, sequence, wants_logits=at == len(text) - 1)
            for text, sequence in zip(texts, self._sequences, strict=True)
            for at in range(n_known, len(text))
        ]
        return self._context.evaluate(entries, should_stop)

    def close(self) -> None:
        """Give up all branches."""
        self._sequences = []
        for sequence in range(_FIRST_BRANCH, SEQUENCES):
            self._context.forget(sequence)

    def _inherit(self, sources: Sequence[int]) -> list[int]:
        """Return a sequence for each source that holds the same: the first child keeps its own."""
        for sequence in set(self._sequences) - {_WHOLE, *sources}:
            self._context.forget(sequence)
        free = [it for it in range(_FIRST_BRANCH, SEQUENCES) if it not in sources]
        heirs: list[int] = []
        for source in sources:
            is_taken = source == _WHOLE or source in heirs
            heirs.append(free.pop() if is_taken else source)
            if is_taken:
                self._context.share(source, heirs[-1])
        return heirs
