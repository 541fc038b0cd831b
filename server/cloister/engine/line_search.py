"""Finds the likeliest line after a prompt: the beam's hypotheses, evaluated by the model.

It pauses between its batches, like everything that a more urgent request may interrupt; should that
one need the context, the branches are evaluated again afterwards.
"""

from collections.abc import Callable, Generator
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
) -> Generator[None, None, Line | None]:
    """Return the likeliest line after `document`, which has just been evaluated; yield in between.

    None when it was cancelled. A line that has no end within `most_tokens`, or within what is left
    of the context, ends there.
    """
    n_left = (model.context_tokens - len(document.cached.tokens)) // beam.width
    longest = min(most_tokens, n_left, _LONGEST_LINE_TOKENS)
    with model.branches(document) as grow:
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
            yield
            parents = [hypothesis.parent for hypothesis in beam.open]
            texts = [hypothesis.tokens for hypothesis in beam.open]
            if should_stop() or not grow(parents, texts, should_stop):
                return None
    return beam.best or beam.unfinished
