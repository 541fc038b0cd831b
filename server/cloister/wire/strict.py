"""Values from JSON, for dataclasses whose other end ships together with this one.

Decoding is strict: a missing or extra key, or a value of another type, is a ProtocolError, because
anything else than what we wrote is damage. Bytes travel as base64.
"""

import base64
import builtins
import types
from collections.abc import Hashable
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from cloister.core.errors import ProtocolError


def build(kind: Any, value: object) -> Any:
    """Return the dataclass `kind` from a JSON object; raises ProtocolError."""
    types_by_field = _field_types(kind)
    if not isinstance(value, dict) or value.keys() != types_by_field.keys():
        raise ProtocolError(f"The fields of {kind.__name__} are wrong.")
    return kind(**{name: _build(types_by_field[name], item) for name, item in value.items()})


def plain(value: object) -> str:
    """Return what JSON has no word for as one that it has; for `json.dumps`."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@cache
def _field_types(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


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
        return build(expected, value)
    if issubclass(expected, StrEnum):
        return _build_enum(expected, value)
    if expected is bytes:
        return _build_bytes(value)
    if expected is float and type(value) is int:
        return float(value)
    return _checked(expected, value)


def _build_enum(expected: type[StrEnum], value: object) -> StrEnum:
    try:
        return expected(_checked(str, value))
    except ValueError as error:
        raise ProtocolError(f"A value is not one of {expected.__name__}.") from error


def _build_bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_checked(str, value), validate=True)
    except ValueError as error:
        raise ProtocolError("A value is not base64.") from error


def _checked(expected: type[Any], value: object) -> Any:
    # `type() is` rather than isinstance: True must not pass for a number.
    if type(value) is not expected:
        raise ProtocolError(f"A value is not of type {expected.__name__}.")
    return value
