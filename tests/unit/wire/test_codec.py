"""Frames and strict JSON, with a small protocol of their own."""

import asyncio
import json
import struct
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import ProtocolError
from cloister.wire.codec import MAX_FRAME_BYTES, Codec


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    text: str
    number: float


@dataclass(frozen=True, slots=True)
class Everything:
    id: int
    flag: bool
    colour: Colour
    data: bytes
    inner: Inner
    many: tuple[Inner, ...]
    named: dict[str, str]
    perhaps: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


CODEC: Codec[Everything | Nothing] = Codec((Everything, Nothing))

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
messages = st.one_of(st.from_type(Everything), st.from_type(Nothing))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


async def read_from(data: bytes) -> list[Everything | Nothing | None]:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    received: list[Everything | Nothing | None] = []
    while not received or received[-1] is not None:
        received.append(await CODEC.read(reader))
    return received


@given(messages)
def test_every_message_survives(message: Everything | Nothing) -> None:
    encoded = CODEC.encode(message)
    assert encoded[:4] == struct.pack(">I", len(encoded) - 4)
    assert CODEC.decode(encoded[4:]) == message


@given(st.binary() | st.text().map(str.encode))
def test_noise_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        CODEC.decode(payload)


@given(st.from_type(Everything), st.data())
def test_a_changed_message_is_another_message_or_refused(
    message: Everything, data: st.DataObject
) -> None:
    fields = json.loads(CODEC.encode(message)[4:])
    key = data.draw(st.sampled_from(sorted(fields)))
    fields[key] = data.draw(json_values)
    try:
        decoded = CODEC.decode(json.dumps(fields).encode())
    except ProtocolError:
        return
    assert json.loads(CODEC.encode(decoded)[4:]).keys() == fields.keys()


@pytest.mark.parametrize(
    "changed",
    [
        {"id": True},
        {"id": "1"},
        {"id": 1.0},
        {"flag": 1},
        {"colour": "green"},
        {"colour": 1},
        {"data": "not base64!"},
        {"data": "é"},
        {"data": [1, 2]},
        {"data": None},
        {"inner": None},
        {"inner": {"text": "a"}},
        {"inner": {"text": "a", "number": 1, "more": 1}},
        {"many": {}},
        {"many": [1]},
        {"named": []},
        {"named": {"a": 1}},
        {"perhaps": 1},
        {"more": 1},
        {"type": "Other"},
        {"type": ["Everything"]},
    ],
)
def test_damage_is_refused(changed: dict[str, object]) -> None:
    message = Everything(1, True, Colour.RED, b"\x00\xff", Inner("a", 1.0), (), {})
    fields = json.loads(CODEC.encode(message)[4:])
    assert CODEC.decode(json.dumps(fields).encode()) == message
    with pytest.raises(ProtocolError):
        CODEC.decode(json.dumps(fields | changed).encode())


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b'"Nothing"', b"{}", b"[" * 100_000, b'{"a":' * 10**5]
)
def test_what_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        CODEC.decode(payload)


def test_whole_numbers_are_numbers() -> None:
    message = Everything(1, False, Colour.BLUE, b"", Inner("", 2.0), (), {})
    payload = CODEC.encode(message)[4:].replace(b"2.0", b"2")
    assert CODEC.decode(payload) == message


def test_too_large_a_message_is_refused_before_it_is_sent() -> None:
    message = Everything(1, True, Colour.RED, b"a" * MAX_FRAME_BYTES, Inner("", 0.0), (), {})
    with pytest.raises(ProtocolError, match="too large"):
        CODEC.encode(message)


async def test_messages_arrive_one_by_one_and_the_end_is_none() -> None:
    assert await read_from(CODEC.encode(Nothing()) * 2) == [Nothing(), Nothing(), None]


@pytest.mark.parametrize("n_bytes", range(len(CODEC.encode(Nothing()))))
async def test_a_stream_that_ends_inside_a_message_just_ends(n_bytes: int) -> None:
    assert await read_from(CODEC.encode(Nothing())[:n_bytes]) == [None]


async def test_an_absurd_length_is_refused_without_reading_on() -> None:
    with pytest.raises(ProtocolError, match="exceeds the limit"):
        await read_from(struct.pack(">I", MAX_FRAME_BYTES + 1))
