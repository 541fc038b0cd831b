"""Decides which part of a prompt the model has already read; pure, so that it can be proved.

`cached` are the tokens whose keys and values are in the context, in order from position 0. The
plan is all that the binding knows of reuse, so a planner over several sequences can take the place
of this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Keep the first `keep` cached tokens, forget the others, then evaluate `evaluate`."""

    keep: int
    evaluate: tuple[int, ...]


def plan_prompt(cached: Sequence[int], wanted: Sequence[int]) -> Plan:
    """Return the cheapest way to make the context hold `wanted` (at least one token).

    The last token is always evaluated: sampling needs its logits.
    """
    keep = 0
    for have, want in zip(cached, wanted[:-1], strict=False):
        if have != want:
            break
        keep += 1
    return Plan(keep, tuple(wanted[keep:]))


def room_for_answer(prompt_tokens: int, max_tokens: int, context_tokens: int) -> int:
    """Return how many tokens may be generated after the prompt; never negative."""
    return max(0, min(max_tokens, context_tokens - prompt_tokens))
