"""What services are asked and what they answer, as values; one file per way of speaking.

A dialect turns a question into the exact bytes of a request and the objects of an answer into
events. Everything here is pure: no socket, no key, no clock. What comes back is hostile input:
every reader is bounded, and nothing of an answer's own words enters an error message.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cloister.core.chat import Message
from cloister.core.generation import Finish


@dataclass(frozen=True, slots=True, repr=False)
class Infill:
    """A question for what stands between two texts.

    `marked` is all of it with the markers of the model's family, for services that take those;
    `files` are path and text of other places, which `marked` shows already.
    """

    prefix: str
    suffix: str
    max_tokens: int
    marked: str = ""
    files: tuple[tuple[str, str], ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Chat:
    """A question for the next turn of a chat.

    Services are not told of `stop`, because models that think refuse it.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    stop: tuple[str, ...] = ()


Question = Infill | Chat


@dataclass(frozen=True, slots=True, repr=False)
class Wrote:
    """Text of an answer; `probability` (0 to 1) is None where the service does not tell it."""

    text: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens as the service counts them; None for what this part of the answer does not say."""

    prompt_tokens: int | None = None
    generated_tokens: int | None = None
    reused_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is whole."""

    finish: Finish


Event = Wrote | Counted | Ended


class Framing(StrEnum):
    """How the objects of an answer follow each other: server-sent events, or one a line."""

    EVENTS = "events"
    LINES = "lines"


Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of asking and answering.

    `body` returns the request's object for a question and a model, `events` what one object of the
    answer says. Both may raise KeyError, TypeError or ValueError on what does not fit.
    """

    framing: Framing
    body: Callable[[Question, str], dict[str, Any]]
    events: Callable[[Fields], Iterator[Event]]
