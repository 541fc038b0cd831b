"""What a person is asked before anything is sent, and what can be said to it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cloister.backends.draft import Draft
from cloister.core.privacy import Verdict


class Choice(Enum):
    """What somebody says to a preview."""

    NO = auto()
    ONCE = auto()
    FOR_A_WHILE = auto()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent, and why somebody is asked; `can_remember` offers a consent."""

    draft: Draft
    service: str
    verdict: Verdict
    can_remember: bool


@dataclass(frozen=True, slots=True)
class Approver:
    """Who says yes or no to a preview; asked also where the policy does not want it if `always`.

    `tell` tells them in one sentence what a service did by itself.
    """

    ask: Callable[[Preview], Coroutine[Any, Any, Choice]]
    always: bool = False
    tell: Callable[[str], object] = lambda _sentence: None
