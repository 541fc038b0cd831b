"""Reads an answer as it arrives: bytes to objects to events, with a bound on everything.

A service may send half an object, a comment, an error in the middle, nothing at all, or one whole
object although a stream was asked for. What is not understood ends in one sentence, and so does a
stream that stops before it said that it is whole.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloister.core.errors import PassingError
from cloister.egress.dialects import Counted, Dialect, Ended, Event, Fields, Framing, Wrote
from cloister.egress.dialects.failures import explain_error

_MOST_LINE_BYTES = 1024 * 1024
_DONE = "[DONE]"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what, for the sentences about what goes wrong."""

    service: str
    model: str


class AnswerReader:
    """Turns the bytes of one successful answer into events; every method may raise CloisterError.

    Events after the end of an answer are its counts, never more text.
    """

    def __init__(self, dialect: Dialect, asked: Asked) -> None:
        self._dialect = dialect
        self._asked = asked
        self._waiting = bytearray()
        self._data: list[str] = []
        self._has_ended = False
        self._is_one_object: bool | None = None

    def feed(self, data: bytes) -> list[Event]:
        """Return what the next bytes say."""
        self._waiting += data
        self._require_room()
        if self._whole_object() or b"\n" not in data:
            return []
        *lines, rest = bytes(self._waiting).split(b"\n")
        self._waiting = bytearray(rest)
        return [event for line in lines for event in self._events_of_line(line)]

    def close(self) -> list[Event]:
        """Return what the last bytes say; raises PassingError when the answer is not whole."""
        rest, self._waiting = bytes(self._waiting), bytearray()
        events = (
            list(self._events_of(rest.decode("utf-8", "replace")))
            if self._is_one_object
            else [*self._events_of_line(rest), *self._events_of_line(b"")]
        )
        if not self._has_ended:
            raise PassingError(f"The answer of {self._asked.service} was cut off; try again.")
        return events

    def _whole_object(self) -> bool:
        """Return whether one object came where events were asked for."""
        if self._is_one_object is None and (start := self._waiting.lstrip()[:1]):
            self._is_one_object = self._dialect.framing is Framing.EVENTS and start == b"{"
        return bool(self._is_one_object)

    def _require_room(self) -> None:
        n_bytes = len(self._waiting) + sum(map(len, self._data))
        if n_bytes > _MOST_LINE_BYTES:
            raise self._malformed()

    def _events_of_line(self, line: bytes) -> Iterator[Event]:
        text = line.removesuffix(b"\r").decode("utf-8", "replace")
        if self._dialect.framing is Framing.LINES:
            if text.strip():
                yield from self._events_of(text)
        elif text.startswith("data:"):
            self._data.append(text.removeprefix("data:").removeprefix(" "))
        elif not text and self._data:
            data, self._data = "\n".join(self._data), []
            if data.strip() != _DONE:
                yield from self._events_of(data)

    def _events_of(self, text: str) -> Iterator[Event]:
        fields = self._object(text)
        if error := fields.get("error"):
            raise explain_error(self._asked.service, self._asked.model, error)
        try:
            for event in self._dialect.events(fields):
                if not (self._has_ended and isinstance(event, Wrote)):
                    self._has_ended = self._has_ended or isinstance(event, Ended)
                    yield _checked(event)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise self._malformed() from error

    def _object(self, text: str) -> Fields:
        try:
            fields: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._malformed() from error
        if not isinstance(fields, dict):
            raise self._malformed()
        return fields

    def _malformed(self) -> PassingError:
        return PassingError(
            f"The answer of {self._asked.service} was not understood; try again, and check that "
            "its provider and URL are right if this stays."
        )


def _checked(event: Event) -> Event:
    """Return the event; raises TypeError where a service sent something else than it should."""
    if isinstance(event, Wrote) and not isinstance(event.text, str):
        raise TypeError
    if isinstance(event, Counted):
        counts = (event.prompt_tokens, event.generated_tokens, event.reused_tokens)
        if not all(count is None or (type(count) is int and count >= 0) for count in counts):
            raise TypeError
    return event
