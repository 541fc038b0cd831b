"""How much a completion may read and write on this machine; pure.

A prompt that nobody has read yet (a file just opened, a jump) must be read in two seconds or two
fifths of the deadline, and what is written must fit in half of the deadline. Where that is no
limit, budgets are what the model's context and the settings allow. Text of other files comes after
the window around the cursor: it has room only beside one of a useful size.

Sizes move in steps, and a step is taken only when the speed is a quarter beyond it: a window that
changed its size while somebody types would lose everything that is cached of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from cloister.core.hardware import ModelSpeed

_PREFIX_SHARE = 0.74
_MOST_PREFIX_TOKENS = 2048
# Small models make less of their prompt when it is longer; gains level off here.
_MOST_SNIPPET_TOKENS = 2048
_SNIPPET_SHARE = 0.35
# A model with a smaller context needs all of it for its window.
_LEAST_CONTEXT_FOR_SNIPPETS = 2048
# A prompt of so many tokens is all window; of what is beyond, half is for snippets.
_LEAST_WINDOW_TOKENS = 1024
# What the prompt holds beside the window: the path and the markers.
_HEAD_TOKENS = 64

_MOST_COLD_MS = 2000
_COLD_SHARE_OF_DEADLINE = 0.4
_WRITING_SHARE_OF_DEADLINE = 0.5

# Less than the first of these is not worth showing a model, however slow it is.
_PREFIX_STEPS = (256, 384, 512, 768, 1024, 1536)
_SNIPPET_STEPS = (0, 256, 512, 1024, 1536)
_ANSWER_STEPS = (12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384)
_RELUCTANCE = 1.25

# Up to here a token is done before the next key comes; slower models wait for a pause in typing.
_PROMPT_TOKEN_MS = 50
_TOKENS_TO_WAIT = 2
_MOST_DELAY_MS = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds every budget: the model's context and the user's settings.

    `snippet_tokens` is how much of other files somebody asks for, however slow the model is; None
    leaves it to us.
    """

    context_tokens: int
    max_tokens: int
    deadline_ms: int
    snippet_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens on each side of the cursor, in the answer, and of other files.

    `delay_ms` is how long typing must pause before the model is asked.
    """

    prefix_tokens: int
    suffix_tokens: int
    answer_tokens: int
    delay_ms: int
    snippet_tokens: int = 0


# None of its sizes is a step, while no snippets at all would be one.
_NO_BUDGET = Budget(-1, -1, -1, 0, -1)


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Sizes to choose from: `steps` below `most`, and `most`; `price` is what each one takes."""

    steps: Sequence[int]
    most: int
    price: Callable[[int], float] = float

    @property
    def all_steps(self) -> list[int]:
        """Every size, the smallest first."""
        return [*(step for step in self.steps if step < self.most), self.most]


def plan_budget(limits: Limits, speed: ModelSpeed | None, previous: Budget | None) -> Budget:
    """Return the budget for a model of this speed, close to the `previous` one.

    An unknown speed limits nothing.
    """
    # An answer longer than half of the context would leave nothing to read.
    most_answer = min(limits.max_tokens, limits.context_tokens // 2)
    room = limits.context_tokens - most_answer - _HEAD_TOKENS
    most_snippets = _most_snippets(limits, room)
    most_prefix = min(_MOST_PREFIX_TOKENS, int((room - most_snippets) * _PREFIX_SHARE))
    if speed is None:
        return _budget(most_prefix, most_answer, 0, most_snippets)
    cold_ms = min(_MOST_COLD_MS, limits.deadline_ms * _COLD_SHARE_OF_DEADLINE)
    cold = speed.prefill_tokens_per_second * cold_ms / 1000
    writing_ms = limits.deadline_ms * _WRITING_SHARE_OF_DEADLINE
    answer = speed.decode_tokens_per_second * writing_ms / 1000
    last = previous or _NO_BUDGET
    prefixes = _Ladder(_PREFIX_STEPS, most_prefix, partial(_price_of_prefix, most_snippets))
    is_asked_for = limits.snippet_tokens is not None
    snippet_steps = () if is_asked_for else _SNIPPET_STEPS
    snippets = _Ladder(snippet_steps, most_snippets, _price_of_snippets)
    return _budget(
        _stepped(cold, prefixes, last.prefix_tokens),
        _stepped(answer, _Ladder(_ANSWER_STEPS, most_answer), last.answer_tokens),
        _delay_ms(speed),
        _stepped(cold, snippets, last.snippet_tokens),
    )


def _most_snippets(limits: Limits, room: int) -> int:
    if limits.snippet_tokens is not None:
        return min(limits.snippet_tokens, room // 2)
    if limits.context_tokens < _LEAST_CONTEXT_FOR_SNIPPETS:
        return 0
    return min(_MOST_SNIPPET_TOKENS, int(room * _SNIPPET_SHARE))


def _budget(prefix_tokens: int, answer_tokens: int, delay_ms: int, snippet_tokens: int) -> Budget:
    suffix_tokens = int(prefix_tokens * (1 - _PREFIX_SHARE) / _PREFIX_SHARE)
    return Budget(prefix_tokens, suffix_tokens, answer_tokens, delay_ms, snippet_tokens)


def _price_of_prefix(most_snippets: int, prefix_tokens: int) -> float:
    """Return how many tokens must be readable before a prefix of this size is taken."""
    window = prefix_tokens / _PREFIX_SHARE
    beyond = max(0.0, window - _LEAST_WINDOW_TOKENS)
    return window + min(beyond, most_snippets)


def _price_of_snippets(snippet_tokens: int) -> float:
    return _LEAST_WINDOW_TOKENS + 2 * snippet_tokens if snippet_tokens else 0


def _stepped(allowed: float, ladder: _Ladder, previous: int) -> int:
    """Return the largest step that is allowed, or the previous one while that nearly fits.

    The first one is taken whatever is allowed.
    """
    if previous in ladder.all_steps and ladder.price(previous) <= allowed * _RELUCTANCE:
        # Up only with something to spare, so that a speed on the edge does not move it every time.
        return max(previous, _largest(ladder, allowed / _RELUCTANCE))
    return _largest(ladder, allowed)


def _largest(ladder: _Ladder, allowed: float) -> int:
    steps = ladder.all_steps
    return max((step for step in steps if ladder.price(step) <= allowed), default=steps[0])


def _delay_ms(speed: ModelSpeed) -> int:
    token_ms = 1000 / speed.decode_tokens_per_second
    if token_ms <= _PROMPT_TOKEN_MS:
        return 0
    return round(min(_MOST_DELAY_MS, _TOKENS_TO_WAIT * token_ms))
