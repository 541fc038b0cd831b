"""Decides which part of a prompt the model has already read; pure, so that it can be proved.

A slot holds the tokens of one document whose keys and values are in the context, in order from
position 0. The plan is all that the binding knows of reuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """In `slot`, keep the first `keep` tokens, forget the others, then evaluate `evaluate`."""

    slot: int
    keep: int
    evaluate: tuple[int, ...]


def plan_prompt(
    slots: Sequence[Sequence[int]],
    idle_order: Sequence[int],
    wanted: Sequence[int],
    n_head_tokens: int,
) -> Plan:
    """Return the cheapest way to make one slot hold `wanted` (at least one token).

    The first `n_head_tokens` name the document: a slot that begins with them holds an earlier state
    of it. Without such a slot the document gets the one that was not used for longest (the first of
    `idle_order`), so that it takes nothing from the documents in use. The last token is always
    evaluated: sampling needs its logits.
    """
    kept = [_common_length(slot, wanted[:-1]) for slot in slots]
    least = max(1, min(n_head_tokens, len(wanted) - 1))
    own = [slot for slot in idle_order if kept[slot] >= least]
    # Of two that hold the document the more useful one; the other ages and makes room.
    slot = max(own, key=kept.__getitem__) if own else idle_order[0]
    return Plan(slot, kept[slot], tuple(wanted[kept[slot] :]))


def room_for_answer(prompt_tokens: int, max_tokens: int, context_tokens: int) -> int:
    """Return how many tokens may be generated after the prompt; never negative."""
    return max(0, min(max_tokens, context_tokens - prompt_tokens))


def _common_length(have: Sequence[int], want: Sequence[int]) -> int:
    length = 0
    for held, wanted in zip(have, want, strict=False):
        if held != wanted:
            break
        length += 1
    return length
