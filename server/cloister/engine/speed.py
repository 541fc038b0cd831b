"""How fast a model runs here: a short probe to begin with, then every real evaluation.

The probe is the last part of loading a model that this machine does not know yet, so no document
is in the cache and nobody who types waits for more than that first loading. What it found may be
wrong by the time it is used, on a laptop that begins to throttle as on a machine that was busy, so
every evaluation that is worth it counts as well, and the latest ones decide.
"""

from collections import deque
from collections.abc import Callable
from statistics import median_high
from time import monotonic

from cloister.core.hardware import ModelSpeed

PROBE_SECONDS = 0.15
"""How long the passes of a probe may take together, the first two aside."""

_PREFILL_TOKENS = 16
"""From so many tokens on a batch tells how fast prompts are read; fewer cost about one pass."""

_REMEMBERED = 31
# The sizes of the passes after the first two, and the most that each can take longer than the one
# before: sixteen tokens in a batch take about as long as four one by one, more are proportional.
_GROWING_PASSES = (16, 64, 256)
_GROWTH = 4


class SpeedMeter:
    """Turns evaluations into a speed; `known` is what was measured here earlier.

    The median of the latest evaluations decides, so that neither the first one, which finds cold
    caches, nor a short stall matters.
    """

    def __init__(self, known: ModelSpeed | None = None) -> None:
        self._prefill: deque[float] = deque(maxlen=_REMEMBERED)
        self._decode: deque[float] = deque(maxlen=_REMEMBERED)
        if known is not None:
            self._prefill.append(known.prefill_tokens_per_second)
            self._decode.append(known.decode_tokens_per_second)

    @property
    def speed(self) -> ModelSpeed | None:
        """The speed so far; None as long as no token was evaluated alone."""
        if not self._decode:
            return None
        decode = median_high(self._decode)
        # Reading in batches is never slower than one by one.
        return ModelSpeed(max(decode, median_high(self._prefill or [decode])), decode)

    def record(self, n_tokens: int, seconds: float) -> None:
        """Count an evaluation of `n_tokens` in one batch that was not interrupted."""
        rate = n_tokens / max(seconds, 1e-6)
        if n_tokens == 1:
            self._decode.append(rate)
        elif n_tokens >= _PREFILL_TOKENS:
            self._prefill.append(rate)


def probe_speed(evaluate: Callable[[int], bool], clock: Callable[[], float] = monotonic) -> None:
    """Evaluate meaningless tokens in growing batches until the time is up.

    `evaluate` gets a number of tokens, evaluates that many in one batch of their own, forgets
    them, and returns False when it was interrupted; a SpeedMeter that hears of its evaluations
    knows the speed afterwards. At least two passes of one token are made (the first one warms up)
    and at most five; none is begun that would exceed PROBE_SECONDS.
    """
    if not evaluate(1):
        return
    started = clock()
    finished = evaluate(1)
    took = clock() - started
    for n_tokens in _GROWING_PASSES:
        if not finished or clock() - started + _GROWTH * took > PROBE_SECONDS:
            return
        pass_started = clock()
        finished = evaluate(n_tokens)
        took = clock() - pass_started
