"""How much a completion may read and write on this machine; pure.

A window that nobody has read yet (a file just opened, a jump) must be read in two seconds or two
fifths of the deadline, and what is written must fit in half of the deadline. Where that is no
limit, budgets are what the model's context and the settings allow.

Sizes move in steps, and a step is taken only when the speed is a quarter beyond it: a window that
changed its size while somebody types would lose everything that is cached of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloister.core.hardware import ModelSpeed

_PREFIX_SHARE = 0.74
_MOST_PREFIX_TOKENS = 2048
# What the prompt holds beside the window: the path and the markers.
_HEAD_TOKENS = 64

_MOST_COLD_MS = 2000
_COLD_SHARE_OF_DEADLINE = 0.4
_WRITING_SHARE_OF_DEADLINE = 0.5

# Less than the first of these is not worth showing a model, however slow it is.
_PREFIX_STEPS = (256, 384, 512, 768, 1024, 1536)
_ANSWER_STEPS = (12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384)
_RELUCTANCE = 1.25

# Up to here a token is done before the next key comes; slower models wait for a pause in typing.
_PROMPT_TOKEN_MS = 50
_TOKENS_TO_WAIT = 2
_MOST_DELAY_MS = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds every budget: the model's context and the user's settings."""

    context_tokens: int
    max_tokens: int
    deadline_ms: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens on each side of the cursor and in the answer.

    `delay_ms` is how long typing must pause before the model is asked.
    """

    prefix_tokens: int
    suffix_tokens: int
    answer_tokens: int
    delay_ms: int


def plan_budget(limits: Limits, speed: ModelSpeed | None, previous: Budget | None) -> Budget:
    """Return the budget for a model of this speed, close to the `previous` one.

    An unknown speed limits nothing.
    """
    # An answer longer than half of the context would leave nothing to read.
    most_answer = min(limits.max_tokens, limits.context_tokens // 2)
    room = limits.context_tokens - most_answer - _HEAD_TOKENS
    most_prefix = min(_MOST_PREFIX_TOKENS, int(room * _PREFIX_SHARE))
    if speed is None:
        return _budget(most_prefix, most_answer, 0)
    cold_ms = min(_MOST_COLD_MS, limits.deadline_ms * _COLD_SHARE_OF_DEADLINE)
    window = speed.prefill_tokens_per_second * cold_ms / 1000
    writing_ms = limits.deadline_ms * _WRITING_SHARE_OF_DEADLINE
    answer = speed.decode_tokens_per_second * writing_ms / 1000
    last = previous or _budget(0, 0, 0)
    return _budget(
        _stepped(window * _PREFIX_SHARE, _PREFIX_STEPS, most_prefix, last.prefix_tokens),
        _stepped(answer, _ANSWER_STEPS, most_answer, last.answer_tokens),
        _delay_ms(speed),
    )


def _budget(prefix_tokens: int, answer_tokens: int, delay_ms: int) -> Budget:
    suffix_tokens = int(prefix_tokens * (1 - _PREFIX_SHARE) / _PREFIX_SHARE)
    return Budget(prefix_tokens, suffix_tokens, answer_tokens, delay_ms)


def _stepped(allowed: float, steps: Sequence[int], most: int, previous: int) -> int:
    """Return the largest step that is allowed, or the previous one while that nearly fits.

    `most` is a step as well, and the last one; the first one is taken whatever is allowed.
    """
    ladder = [*(step for step in steps if step < most), most]
    if previous in ladder and previous <= allowed * _RELUCTANCE:
        # Up only with something to spare, so that a speed on the edge does not move it every time.
        return max(previous, _largest(ladder, allowed / _RELUCTANCE))
    return _largest(ladder, allowed)


def _largest(ladder: Sequence[int], allowed: float) -> int:
    return max((step for step in ladder if step <= allowed), default=ladder[0])


def _delay_ms(speed: ModelSpeed) -> int:
    token_ms = 1000 / speed.decode_tokens_per_second
    if token_ms <= _PROMPT_TOKEN_MS:
        return 0
    return round(min(_MOST_DELAY_MS, _TOKENS_TO_WAIT * token_ms))
