"""Texts that go on from one document, all evaluated in one batch; they share its cells."""

from collections.abc import Callable, Sequence

from cloister.engine.llama.context import SEQUENCES, BatchToken, Context

_WHOLE = 0
_FIRST_BRANCH = 2


class Branches:
    """The sequences that branch off the document in the context at position `start`.

    Each step makes every branch one token longer. `close` them before the document goes on.
    """

    def __init__(self, context: Context, start: int) -> None:
        self._context = context
        self._position = start
        self._sequences = [_WHOLE]
        # What an abandoned search left behind would be read as part of these.
        self.close()

    def grow(
        self, parents: Sequence[int], tokens: Sequence[int], should_stop: Callable[[], bool]
    ) -> bool:
        """Evaluate one token for each new branch, which goes on from a branch of the step before.

        Branches without a child are given up. False when it was interrupted; raises
        BackendUnavailableError like the context.
        """
        self._sequences = self._inherit([self._sequences[parent] for parent in parents])
        entries = [
            BatchToken(token, self._position, sequence, wants_logits=True)
            for token, sequence in zip(tokens, self._sequences, strict=True)
        ]
        self._position += 1
        return self._context.evaluate(entries, should_stop)

    def close(self) -> None:
        """Give up all branches."""
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
