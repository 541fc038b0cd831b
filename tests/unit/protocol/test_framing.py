"""Message bodies come out of any cut of the stream."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import ProtocolError
from cloister.protocol.framing import MAX_BODY_BYTES, MAX_HEADER_BYTES, FrameParser

HEADERS = [
    b"Content-Length: %d\r\n\r\n",
    b"content-length: %d\r\n\r\n",
    b"CONTENT-LENGTH:%d\r\n\r\n",
    b"Content-Length  : \t%d  \r\n\r\n",
    b"Content-Length: %d\n\n",
    b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
    b"Content-Length: %d\r\nX-Unknown: 1\r\n\r\n",
    b"\r\nContent-Length: %d\r\n\r\n",
]


def bodies_of(*chunks: bytes) -> list[bytes]:
    parser = FrameParser()
    return [body for chunk in chunks for body in parser.feed(chunk)]


def single_bytes(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@given(st.lists(st.tuples(st.sampled_from(HEADERS), st.binary(max_size=40)), max_size=6), st.data())
def test_bodies_come_out_however_the_stream_is_cut(
    messages: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    stream = b"".join(header % len(body) + body for header, body in messages)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))) | {0, len(stream)})
    chunks = [stream[start:end] for start, end in pairwise(cuts)]
    assert bodies_of(*chunks) == [body for _, body in messages]


@pytest.mark.parametrize("header", HEADERS)
def test_single_bytes_are_enough(header: bytes) -> None:
    assert bodies_of(*single_bytes(header % 2 + b"{}")) == [b"{}"]


@pytest.mark.parametrize(
    "bad", [b"Content-Length: x\r\n\r\n", b"Content-Length: -5\r\n\r\n", b"Hello\r\n\r\n", b"\n\n"]
)
def test_a_header_without_a_length_costs_only_itself(bad: bytes) -> None:
    assert bodies_of(bad + b"Content-Length: 2\r\n\r\n{}") == [b"{}"]


def test_the_stream_is_found_again_after_a_body_without_a_length() -> None:
    stream = b'Content-Length: x\r\n\r\n{"a": 1}Content-Length: 2\r\n\r\n{}'
    assert bodies_of(stream) == [b"{}"]


@pytest.mark.parametrize(
    "length",
    [b"%d" % (MAX_BODY_BYTES + 1), b"99999999999999", b"1" * 5000],
    ids=["one more", "terabytes", "thousands of digits"],
)
def test_a_body_that_is_too_large_ends_the_stream(length: bytes) -> None:
    with pytest.raises(ProtocolError, match="larger than 64 MiB"):
        bodies_of(b"Content-Length: %b\r\n\r\n" % length)


def test_the_largest_body_passes() -> None:
    body = bytes(MAX_BODY_BYTES)
    assert bodies_of(b"Content-Length: %d\r\n\r\n" % len(body), body) == [body]


def test_a_stream_of_something_else_ends() -> None:
    with pytest.raises(ProtocolError, match="does not speak"):
        bodies_of(b"x" * MAX_HEADER_BYTES)


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\r\n", b"Content-Length: 3\r\n"])))
def test_any_bytes_are_bodies_or_the_end_of_the_stream(chunks: list[bytes]) -> None:
    try:
        whole = bodies_of(b"".join(chunks))
    except ProtocolError:
        return
    assert bodies_of(*chunks) == whole
    assert all(len(body) <= len(b"".join(chunks)) for body in whole)
