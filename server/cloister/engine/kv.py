"""Decides what of the cache a prompt can use; pure, so that it can be proved.

A document's cells form one sequence: tokens at positions 0, 1, 2 and so on. A prompt is wanted in
three parts: `lead` (everything up to the cursor's surroundings), `tail` (the text after the cursor
where the family puts it behind the prefix, else empty) and `rest` (what follows). While the user
types, only the end grows, and a plan keeps all but the last few tokens. After a jump of the cursor
the tail's text is mostly the same but stands at other positions behind another lead: its cells can
be set aside and appended again behind the new lead. They were computed after the old one, so they
are approximate, and marked so until they are evaluated again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

Tokens = tuple[int, ...]

CHANGING_TOKENS = 16
"""Typing changes the last tokens of a prompt, hardly more than these."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A prompt in tokens, at least one."""

    lead: Tokens
    tail: Tokens
    rest: Tokens

    @property
    def tokens(self) -> Tokens:
        """The whole prompt."""
        return self.lead + self.tail + self.rest


@dataclass(frozen=True, slots=True)
class Spare:
    """Cells set aside: `tokens` at positions from `start` on, computed behind another text.

    `drift_tokens` counts how many tokens before them have changed since.
    """

    tokens: Tokens
    start: int
    drift_tokens: int


@dataclass(frozen=True, slots=True)
class Cached:
    """What the cells of one document hold.

    `tokens` are the sequence; those from `exact_tokens` on were computed behind a text that differs
    in `drift_tokens`. A memory that forgets cannot be rewound to fewer than `floor` tokens;
    `checkpoint` is where one that cannot be rewound at all was saved.
    """

    tokens: Tokens = ()
    exact_tokens: int = 0
    drift_tokens: int = 0
    spare: Spare | None = None
    floor: int = 0
    checkpoint: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether evaluation from scratch would give the same."""
        return self.exact_tokens == len(self.tokens)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Let the cells at positions [start, end) belong to the spare sequence, and to it alone."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Forget all but the first `n_tokens`."""

    n_tokens: int


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Append tokens by evaluating them; what the last `n_sampled` call for next can be sampled."""

    tokens: Tokens
    n_sampled: int = 1


@dataclass(frozen=True, slots=True)
class Rejoin:
    """Append the spare cells [first, first + n_tokens) and drop the others.

    `drift_tokens` is how much of the text before them has changed since they were exact.
    """

    first: int
    n_tokens: int
    drift_tokens: int


@dataclass(frozen=True, slots=True)
class DropSpare:
    """Forget the spare cells."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Save the sequence as it is, for a memory that cannot be rewound."""


Step = SetAside | Keep | Evaluate | Rejoin | DropSpare | Checkpoint


@dataclass(frozen=True, slots=True)
class Memory:
    """Whether a model's memory can be rewound, and whether its cells can move elsewhere."""

    rewinds: bool
    shifts: bool


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """When moving a tail is worth its approximation.

    The first `fresh_tokens` of what is moved are evaluated, `least_tokens` must be saved, and
    no more than `most_drift_tokens` may have changed before the tail since it was exact.
    """

    fresh_tokens: int
    least_tokens: int
    most_drift_tokens: int


def plan_prompt(
    cached: Cached, wanted: Wanted, memory: Memory, shift_rule: ShiftRule | None
) -> tuple[Step, ...]:
    """Return the steps that make the document's sequence hold `wanted`, at least cost.

    The last token is always among those evaluated. Without a `shift_rule` everything that is
    approximate is evaluated again.
    """
    tokens = wanted.tokens
    kept = _kept_tokens(cached, tokens, memory, exactly=shift_rule is None)
    if shift_rule is not None and memory.shifts:
        moved = _moved_tail(cached, wanted, kept, shift_rule)
        if moved is not None:
            return moved
    forgetting: tuple[Step, ...] = (DropSpare(), Keep(kept)) if cached.spare else (Keep(kept),)
    if memory.rewinds:
        return (*forgetting, Evaluate(tokens[kept:]))
    settled = len(tokens) - CHANGING_TOKENS
    if kept >= settled:
        return (*forgetting, Evaluate(tokens[kept:]))
    settling = (Evaluate(tokens[kept:settled]), Checkpoint())
    return (*forgetting, *settling, Evaluate(tokens[settled:]))


def evaluated_tokens(steps: Sequence[Step]) -> int:
    """Return what the steps cost."""
    return sum(len(step.tokens) for step in steps if isinstance(step, Evaluate))


def after_step(cached: Cached, step: Step) -> Cached:
    """Return what the cells hold once `step` is done."""
    match step:
        case Keep(n_tokens=n_tokens):
            return _after_keep(cached, n_tokens)
        case Evaluate(tokens=tokens):
            exact = cached.exact_tokens + (len(tokens) if cached.is_exact else 0)
            return replace(cached, tokens=cached.tokens + tokens, exact_tokens=exact)
        case SetAside(start=start, end=end):
            aside = Spare(cached.tokens[start:end], start, cached.drift_tokens)
            return replace(_after_keep(cached, start), spare=aside)
        case Rejoin(first=first, n_tokens=n_tokens, drift_tokens=drift_tokens):
            moved = cached.spare.tokens[first : first + n_tokens] if cached.spare else ()
            return replace(
                cached, tokens=cached.tokens + moved, drift_tokens=drift_tokens, spare=None
            )
        case DropSpare():
            return replace(cached, spare=None)
        case Checkpoint():
            return replace(cached, checkpoint=len(cached.tokens))


def room_for_answer(prompt_tokens: int, max_tokens: int, context_tokens: int) -> int:
    """Return how many tokens may be generated after the prompt; never negative."""
    return max(0, min(max_tokens, context_tokens - prompt_tokens))


def common_length(have: Tokens, want: Tokens) -> int:
    """Return how many tokens the two begin with in common."""
    same, different = 0, min(len(have), len(want)) + 1
    # Comparing slices is a hundred times faster than comparing tokens.
    while different - same > 1:
        middle = (same + different) // 2
        if have[same:middle] == want[same:middle]:
            same = middle
        else:
            different = middle
    return same


def _after_keep(cached: Cached, n_tokens: int) -> Cached:
    exact = min(cached.exact_tokens, n_tokens)
    return replace(
        cached,
        tokens=cached.tokens[:n_tokens],
        exact_tokens=exact,
        drift_tokens=cached.drift_tokens if exact < n_tokens else 0,
        floor=cached.floor if cached.floor <= n_tokens else 0,
        checkpoint=cached.checkpoint if cached.checkpoint <= n_tokens else 0,
    )


def _kept_tokens(cached: Cached, tokens: Tokens, memory: Memory, *, exactly: bool) -> int:
    kept = common_length(cached.tokens, tokens[:-1])
    if exactly:
        kept = min(kept, cached.exact_tokens)
    if kept >= (cached.floor if memory.rewinds else len(cached.tokens)):
        return kept
    return cached.checkpoint if cached.checkpoint <= kept else 0


def _moved_tail(
    cached: Cached, wanted: Wanted, kept: int, rule: ShiftRule
) -> tuple[Step, ...] | None:
    """Return the plan that moves cells of the old tail behind the new lead; None if none pays."""
    first_missing = max(kept, len(wanted.lead))
    missing = (wanted.lead + wanted.tail)[first_missing:]
    old = cached.spare or Spare(cached.tokens[kept:], kept, cached.drift_tokens)
    match = SequenceMatcher(None, old.tokens, missing, autojunk=False).find_longest_match()
    first, n_tokens = match.a + rule.fresh_tokens, match.size - rule.fresh_tokens
    run_start = first_missing + match.b + rule.fresh_tokens
    changed_tokens = max(first_missing + match.b, old.start + match.a) - kept
    drift_tokens = old.drift_tokens + changed_tokens
    if n_tokens < rule.least_tokens or drift_tokens > rule.most_drift_tokens:
        return None
    tokens = wanted.tokens
    if cached.spare:
        aside: tuple[Step, ...] = ()
    else:
        aside = (SetAside(kept + first, kept + first + n_tokens),)
        first = 0
    return (
        *aside,
        Keep(kept),
        Evaluate(tokens[kept:run_start]),
        Rejoin(first, n_tokens, drift_tokens),
        Evaluate(tokens[run_start + n_tokens :]),
    )
