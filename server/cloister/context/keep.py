"""When snippets are worth changing. Pure.

They stand at the beginning of the prompt, so a change costs reading all of it again. While somebody
types in one place a change has to be earned: every request earns a small share of its prompt, and a
change must be paid in full. After a jump the prompt is read again anyway, and changing is free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cloister.context.names import names_of_line
from cloister.core.context import Snippet

# Of all tokens of all prompts, this share may be read again because snippets changed.
_EARNED_SHARE = 0.02
# Enough for one change; more would let several follow each other.
_MOST_EARNED = 1.0
_LEAST_GAIN = 1.25
# Typing moves the cursor by a line or two; whoever is farther away has jumped.
JUMP_LINES = 25
# The line of what is shown before anything was found: everything is a jump away from it.
NOWHERE = -(10**9)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown in a document: for which line it was found, and the share of a change earned.

    `earned` counts in prompts: 1.0 pays for reading one prompt again.
    """

    snippets: tuple[Snippet, ...]
    line: int
    earned: float = 0.0


def earned(shown: Shown) -> Shown:
    """Return the state after one more request that kept its snippets."""
    return replace(shown, earned=min(_MOST_EARNED, shown.earned + _EARNED_SHARE))


def has_jumped(shown: Shown, line: int) -> bool:
    """Return whether the cursor is somewhere else than where the snippets were found."""
    return abs(shown.line - line) > JUMP_LINES


def is_worth_changing(
    shown: Shown, proposal: Sequence[Snippet], likelihoods: Mapping[str, float]
) -> bool:
    """Return whether a change is paid for and shows clearly more of what is likely now."""
    if shown.earned < _MOST_EARNED or tuple(proposal) == shown.snippets:
        return False
    return _worth(proposal, likelihoods) >= _LEAST_GAIN * _worth(shown.snippets, likelihoods)


def _worth(snippets: Sequence[Snippet], likelihoods: Mapping[str, float]) -> float:
    lines = (line for snippet in snippets for line in snippet.text.split("\n"))
    return sum(
        likelihoods.get(name, 0.0) for name in {n for line in lines for n in names_of_line(line)}
    )
