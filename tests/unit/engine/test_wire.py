import asyncio
import json
import struct
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import ProtocolError
from cloister.engine.messages import CountTokens, Failed, FailureKind, Message, ModelSource, Ping
from cloister.engine.wire import MAX_FRAME_BYTES, decode, encode, read_message

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
messages = st.one_of(*(st.from_type(kind) for kind in get_args(Message)))


def frame(payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + payload


async def read_from(data: bytes) -> list[Message | None]:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    received: list[Message | None] = []
    while not received or received[-1] is not None:
        received.append(await read_message(reader))
    return received


@given(messages)
def test_every_message_survives_the_wire(message: Message) -> None:
    encoded = encode(message)
    assert encoded[:4] == struct.pack(">I", len(encoded) - 4)
    assert decode(encoded[4:]) == message


def test_lone_surrogates_survive_the_wire() -> None:
    message = CountTokens(1, ModelSource("/m"), ("\ud800", "é😀\x00"))
    assert decode(encode(message)[4:]) == message


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_noise_is_a_protocol_error(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(messages, st.data())
def test_a_changed_message_is_another_message_or_a_protocol_error(
    message: Message, data: st.DataObject
) -> None:
    fields = json.loads(encode(message)[4:])
    key = data.draw(st.sampled_from(sorted(fields)))
    fields[key] = data.draw(json_values)
    try:
        decoded = decode(json.dumps(fields).encode())
    except ProtocolError:
        return
    assert json.loads(encode(decoded)[4:]).keys() == fields.keys()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'"Ping"',
        b"{}",
        b'{"type": "Unknown", "id": 1}',
        b'{"type": "Ping"}',
        b'{"type": "Ping", "id": 1, "more": 2}',
        b'{"type": "Ping", "id": true}',
        b'{"type": "Ping", "id": 1.5}',
        b'{"type": "Ping", "id": "1"}',
        b'{"type": ["Ping"], "id": 1}',
        b'{"type": "CountTokens", "id": 1, "source": null, "texts": []}',
        b'{"type": "Failed", "id": 1, "kind": "bad", "message": ""}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type": "Ping", "id": \xff}',
    ],
)
def test_damage_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(payload)


def test_too_large_a_message_is_refused_before_it_is_sent() -> None:
    message = CountTokens(1, ModelSource("/m"), ("a" * MAX_FRAME_BYTES,))
    with pytest.raises(ProtocolError, match="too large"):
        encode(message)


async def test_messages_arrive_one_by_one_and_the_end_is_none() -> None:
    data = encode(Ping(1)) + encode(Failed(None, FailureKind.PROTOCOL, "é"))
    assert await read_from(data) == [Ping(1), Failed(None, FailureKind.PROTOCOL, "é"), None]


@pytest.mark.parametrize("n_bytes", range(len(encode(Ping(1)))))
async def test_a_stream_that_ends_inside_a_message_just_ends(n_bytes: int) -> None:
    assert await read_from(encode(Ping(1))[:n_bytes]) == [None]


async def test_an_absurd_length_is_refused_without_reading_on() -> None:
    with pytest.raises(ProtocolError, match="exceeds the limit"):
        await read_from(struct.pack(">I", MAX_FRAME_BYTES + 1))


async def test_a_malformed_frame_is_refused() -> None:
    with pytest.raises(ProtocolError):
        await read_from(frame(b"nonsense"))
