"""The cells of the documents that a model has read, of which one at a time is in the context.

The cells of the others are kept in memory outside the context: saving and restoring a document
takes less time than one token, and attention then never looks at the cells of another one.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import GenerationRequest, Priority
from cloister.engine.documents import Document, Documents
from cloister.engine.kv import (
    CHANGING_TOKENS,
    Cached,
    Checkpoint,
    DropSpare,
    Evaluate,
    Keep,
    Rejoin,
    SetAside,
    Step,
    Tokens,
    after_step,
)
from cloister.engine.llama.branches import Branches
from cloister.engine.llama.context import MICRO_BATCH_TOKENS, BatchToken, Context

_WHOLE, _SPARE = 0, 1
# A completion waits for the batch of what is less urgent: seconds, on a slow model with a full one.
_PATIENT_BATCH_TOKENS = 64


Grow = Callable[[Sequence[int], Sequence[Tokens], Callable[[], bool]], bool]
"""See Branches.grow."""


class Cells:
    """Carries out plans in one document at a time; `documents` are those whose cells are kept."""

    def __init__(self, context: Context) -> None:
        self.documents = Documents()
        self.memory = context.memory
        self._context = context
        self._active: Document | None = None
        self._branches: Branches | None = None

    def carry_out(
        self, document: Document, steps: Sequence[Step], should_stop: Callable[[], bool]
    ) -> Generator[None, None, int]:
        """Carry out a plan in `document`, yielding between micro-batches; return what it evaluated.

        The count, in tokens, is less than planned when `should_stop` said so, which is asked before
        every micro-batch and, on the CPU, within each, or when the document got another holder at a
        yield. Raises BackendUnavailableError when llama.cpp cannot evaluate; the document is empty
        then.
        """
        holder, n_evaluated = document.holder, 0
        for step in _micro_batches(steps, _batch_tokens(holder)):
            if isinstance(step, Evaluate) and n_evaluated:
                yield
                if document.holder is not holder:
                    break
            self._activate(document)
            if not isinstance(step, Evaluate):
                self._rearrange(document, step)
            elif should_stop() or not self._evaluate(step, should_stop, document):
                break
            else:
                n_evaluated += len(step.tokens)
            document.cached = after_step(document.cached, step)
        if self._context.window_tokens:
            document.cached = replace(document.cached, floor=self._context.floor(_WHOLE))
        return n_evaluated

    @contextmanager
    def branches(self, document: Document) -> Iterator[Grow]:
        """Branch off `document`, which the context holds; the function makes the branches grow.

        Until the end of the block others may use the context, which then costs the branches a new
        evaluation. When llama.cpp cannot evaluate, the document is empty afterwards.
        """
        branches = Branches(self._context, len(document.cached.tokens))

        def grow(
            parents: Sequence[int], texts: Sequence[Tokens], should_stop: Callable[[], bool]
        ) -> bool:
            self._activate(document)
            self._branches = branches
            return branches.grow(parents, texts, should_stop)

        try:
            yield grow
        except BackendUnavailableError:
            self._forget_everything(document)
            raise
        finally:
            if self._branches is branches:
                self._close_branches()

    def keep(self, document: Document, n_tokens: int) -> None:
        """Forget all but the first `n_tokens` of `document`, which the context holds."""
        step = Keep(n_tokens)
        self._rearrange(document, step)
        document.cached = after_step(document.cached, step)

    def fork(self, document: Document, name: str) -> Document:
        """Return a copy of `document` to go on with; the original is kept as it is."""
        if document is self._active:
            self._park()
        copy = self.documents.add(name)
        copy.cached, copy.state = document.cached, document.state
        return copy

    def _activate(self, document: Document) -> None:
        """Make the context hold the cells of `document`."""
        if document is self._active:
            return
        self._park()
        self._active = document
        if isinstance(document.state, np.ndarray):
            self._restore(document, document.state)
            document.state = None

    def _restore(self, document: Document, state: NDArray[np.uint8]) -> None:
        if not self._context.restore(_WHOLE, state):
            self._forget_everything(document)
            raise BackendUnavailableError("The engine lost what it had read; try again.")
        if not self.memory.rewinds:
            self._rearrange(document, Checkpoint())
            document.cached = after_step(document.cached, Checkpoint())

    def _park(self) -> None:
        """Empty the context, keeping what its document needs."""
        self._close_branches()
        document, self._active = self._active, None
        if document is None:
            return
        if document.cached.spare:
            document.cached = after_step(document.cached, DropSpare())
        if document.holder is None:
            self.keep(document, self._worth_saving(document))
        if document.cached.tokens:
            document.state = self._context.save(_WHOLE)
        if self._context.window_tokens:
            document.cached = replace(document.cached, floor=len(document.cached.tokens))
        self._context.forget(_WHOLE)
        self._context.forget(_SPARE)

    def _close_branches(self) -> None:
        if self._branches is not None:
            self._branches.close()
            self._branches = None

    def _worth_saving(self, document: Document) -> int:
        """Return how many tokens the next prompt is likely to share and can go on from."""
        if not self.memory.rewinds:
            return document.cached.checkpoint
        n_tokens = len(document.cached.tokens)
        if not self._context.window_tokens:
            return n_tokens
        # Saved like this it can only grow, so what typing may change is left out.
        return max(0, min(n_tokens, document.prompt_tokens - CHANGING_TOKENS))

    def _evaluate(
        self, step: Evaluate, should_stop: Callable[[], bool], document: Document
    ) -> bool:
        """Append one micro-batch; False when it was interrupted, and then nothing was appended."""
        position = len(document.cached.tokens)
        first_sampled = position + len(step.tokens) - step.n_sampled
        entries = [
            BatchToken(token, place, _WHOLE, wants_logits=place >= first_sampled)
            for place, token in enumerate(step.tokens, position)
        ]
        try:
            is_done = self._context.evaluate(entries, should_stop)
        except BackendUnavailableError:
            self._forget_everything(document)
            raise
        if not is_done and not self.memory.rewinds:
            self._forget_everything(document)
        return is_done

    def _rearrange(self, document: Document, step: Step) -> None:
        context, cached = self._context, document.cached
        match step:
            case Keep(n_tokens=n_tokens) if self.memory.rewinds or n_tokens == len(cached.tokens):
                context.forget(_WHOLE, n_tokens)
            case Keep(n_tokens=n_tokens):
                context.forget(_WHOLE)
                if n_tokens:
                    context.share(_SPARE, _WHOLE)
            case SetAside(start=start, end=end):
                context.forget(_SPARE)
                context.share(_WHOLE, _SPARE, start, end)
                context.forget(_WHOLE, start)
            case Rejoin(first=first, n_tokens=n_tokens) if cached.spare is not None:
                start = cached.spare.start + first
                self._rejoin(start, n_tokens, len(cached.tokens))
            case DropSpare():
                context.forget(_SPARE)
            case Checkpoint():
                context.forget(_SPARE)
                context.share(_WHOLE, _SPARE)

    def _rejoin(self, start: int, n_tokens: int, target: int) -> None:
        self._context.move(_SPARE, target - start)
        self._context.share(_SPARE, _WHOLE, target, target + n_tokens)
        self._context.forget(_SPARE)

    def _forget_everything(self, document: Document) -> None:
        self._context.forget(_WHOLE)
        self._context.forget(_SPARE)
        document.cached = Cached()


def _batch_tokens(request: GenerationRequest | None) -> int:
    """Return how many tokens to evaluate before something more urgent may run."""
    is_urgent = request is None or request.priority is Priority.COMPLETION
    return MICRO_BATCH_TOKENS if is_urgent else _PATIENT_BATCH_TOKENS


def _micro_batches(steps: Sequence[Step], n_tokens: int) -> Iterator[Step]:
    for step in steps:
        if not isinstance(step, Evaluate):
            yield step
            continue
        for start in range(0, len(step.tokens), n_tokens):
            yield replace(step, tokens=step.tokens[start : start + n_tokens])
