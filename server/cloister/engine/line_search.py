"""Finds the likeliest line after a prompt: the beam's hypotheses, evaluated by the model.

It does not pause, because what the branches hold would be lost with the document's place in the
context. A line is a few small evaluations, and cancelling takes effect within one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cloister.engine.documents import Document
from cloister.engine.hypotheses import Beam, Line
from cloister.engine.mixture import Advise

if TYPE_CHECKING:
    from cloister.engine.llama.model import Model

_LONGEST_LINE_TOKENS = 64
# More of a hypothesis's next tokens have hardly ever a part in the best line.
_CHOICES_PER_WIDTH = 2


def find_line(
    model: "Model",
    document: Document,
    beam: Beam,
    most_tokens: int,
    advise: Advise,
    should_stop: Callable[[], bool],
) -> Line | None:
    """Return the likeliest line after `document`, which has just been evaluated.

    None when it was cancelled. A line that has no end within `most_tokens`, or within what is left
    of the context, ends there.
    """
    n_left = (model.context_tokens - len(document.cached.tokens)) // beam.width
    longest = min(most_tokens, n_left, _LONGEST_LINE_TOKENS)
    with model.branches(document) as branches:
        for _ in range(longest):
            n_open = len(beam.open)
            beam.extend(
                [
                    model.choices(
                        place - n_open,
                        it.opening,
                        _CHOICES_PER_WIDTH * beam.width,
                        advise(it.text, it.opening),
                    )
                    for place, it in enumerate(beam.open)
                ]
            )
            if not beam.open:
                break
            tokens = [hypothesis.tokens[-1] for hypothesis in beam.open]
            parents = [hypothesis.parent for hypothesis in beam.open]
            if not branches.grow(parents, tokens, should_stop):
                return None
    return beam.best or beam.unfinished
