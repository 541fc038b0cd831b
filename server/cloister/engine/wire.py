"""The message protocol between clients and the engine: values to frames and back.

A frame is a 4-byte big-endian length followed by that many bytes of JSON: one object whose `type`
names the message and whose other keys are exactly the fields of its class. Decoding is strict: an
unknown type, a missing or extra key, or a value of another type is a ProtocolError, because both
ends ship together and anything else is damage.
"""

import asyncio
import builtins
import json
import struct
import types
from collections.abc import Hashable
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from cloister.core.errors import ProtocolError
from cloister.engine.messages import Message

PROTOCOL_VERSION = 3
MAX_FRAME_BYTES = 16 * 1024 * 1024

_LENGTH = struct.Struct(">I")


def encode(message: Message) -> bytes:
    """Return the message as one frame; raises ProtocolError above MAX_FRAME_BYTES."""
    # ASCII escapes carry lone surrogates, which a document may hold and UTF-8 cannot.
    payload = json.dumps({"type": type(message).__name__, **asdict(message)}).encode("ascii")
    if len(payload) > MAX_FRAME_BYTES:
        raise ProtocolError(
            f"A message of {len(payload)} bytes is too large for the engine; "
            "complete in a smaller file or shrink the context."
        )
    return _LENGTH.pack(len(payload)) + payload


def decode(payload: bytes) -> Message:
    """Return the message of a frame's payload; raises ProtocolError for anything else."""
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("The message is not JSON.") from error
    if not isinstance(fields, dict):
        raise ProtocolError("The message is not a JSON object.")
    kind = _MESSAGES.get(str(fields.pop("type", None)))
    if kind is None:
        raise ProtocolError("The message has an unknown type.")
    message: Message = _build_dataclass(kind, fields)
    return message


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """Return the next message, None at the end of the stream; raises ProtocolError."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > MAX_FRAME_BYTES:
            raise ProtocolError(f"A message of {length} bytes exceeds the limit.")
        return decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


_MESSAGES: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Message)}


@cache
def _field_types(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _build_dataclass(kind: Any, value: object) -> Any:
    types_by_field = _field_types(kind)
    if not isinstance(value, dict) or value.keys() != types_by_field.keys():
        raise ProtocolError(f"The fields of {kind.__name__} are wrong.")
    return kind(**{name: _build(types_by_field[name], item) for name, item in value.items()})


def _build(expected: Any, value: object) -> Any:
    match get_origin(expected):
        case types.UnionType:
            return None if value is None else _build(get_args(expected)[0], value)
        case builtins.tuple:
            return tuple(_build(get_args(expected)[0], item) for item in _checked(list, value))
        case builtins.dict:
            return {key: _build(str, item) for key, item in _checked(dict, value).items()}
        case _:
            return _build_plain(expected, value)


def _build_plain(expected: type[Any], value: object) -> Any:
    if is_dataclass(expected):
        return _build_dataclass(expected, value)
    if issubclass(expected, StrEnum):
        return _build_enum(expected, value)
    if expected is float and type(value) is int:
        return float(value)
    return _checked(expected, value)


def _build_enum(expected: type[StrEnum], value: object) -> StrEnum:
    try:
        return expected(_checked(str, value))
    except ValueError as error:
        raise ProtocolError(f"A value is not one of {expected.__name__}.") from error


def _checked(expected: type[Any], value: object) -> Any:
    # `type() is` rather than isinstance: True must not pass for a number.
    if type(value) is not expected:
        raise ProtocolError(f"A value is not of type {expected.__name__}.")
    return value
