"""Messages to frames and back.

A frame is a 4-byte big-endian length followed by that many bytes of JSON: one object whose `type`
names the message and whose other keys are exactly the fields of its class.
"""

import asyncio
import json
import struct
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from cloister.core.errors import ProtocolError
from cloister.wire.strict import build, plain

MAX_FRAME_BYTES = 16 * 1024 * 1024

_LENGTH = struct.Struct(">I")

MessageT = TypeVar("MessageT")


class Codec(Generic[MessageT]):
    """The messages of one protocol, all of them dataclasses with names of their own.

    Both directions raise ProtocolError above MAX_FRAME_BYTES, decoding also for all but messages.
    """

    def __init__(self, kinds: Iterable[type[Any]]) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}

    def encode(self, message: MessageT) -> bytes:
        """Return the message as one frame."""
        fields: dict[str, Any] = asdict(message)  # type: ignore[call-overload]  # kinds are dataclasses
        # ASCII escapes carry lone surrogates, which a document may hold and UTF-8 cannot.
        text = json.dumps({"type": type(message).__name__, **fields}, default=plain)
        payload = text.encode("ascii")
        if len(payload) > MAX_FRAME_BYTES:
            raise ProtocolError(
                f"A message of {len(payload)} bytes is too large for another process of cloister; "
                "complete in a smaller file or shrink the context."
            )
        return _LENGTH.pack(len(payload)) + payload

    def decode(self, payload: bytes) -> MessageT:
        """Return the message of a frame's payload."""
        try:
            fields = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise ProtocolError("The message is not JSON.") from error
        if not isinstance(fields, dict):
            raise ProtocolError("The message is not a JSON object.")
        kind = self._kinds.get(str(fields.pop("type", None)))
        if kind is None:
            raise ProtocolError("The message has an unknown type.")
        message: MessageT = build(kind, fields)
        return message

    async def read(self, reader: asyncio.StreamReader) -> MessageT | None:
        """Return the next message, None at the end of the stream."""
        try:
            (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
            if length > MAX_FRAME_BYTES:
                raise ProtocolError(f"A message of {length} bytes exceeds the limit.")
            return self.decode(await reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
