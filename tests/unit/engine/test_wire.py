"""The engine's messages on the wire; `tests/unit/wire` has the rest."""

import asyncio
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.messages import CountTokens, Failed, FailureKind, Message, ModelSource, Ping
from cloister.engine.wire import decode, encode, read_message

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@given(st.one_of(*(st.from_type(kind) for kind in get_args(Message))))
def test_every_message_survives_the_wire(message: Message) -> None:
    assert decode(encode(message)[4:]) == message


def test_lone_surrogates_survive_the_wire() -> None:
    message = CountTokens(1, ModelSource("/m"), ("\ud800", "é😀\x00"))
    assert decode(encode(message)[4:]) == message


async def test_messages_arrive_one_by_one_and_the_end_is_none() -> None:
    messages = (Ping(1), Failed(None, FailureKind.PROTOCOL, "é"))
    reader = asyncio.StreamReader()
    reader.feed_data(b"".join(map(encode, messages)))
    reader.feed_eof()
    assert [await read_message(reader) for _ in range(3)] == [*messages, None]
