"""The transport against real servers on this machine: exact bytes, one place, nothing twice."""

from collections.abc import Mapping, Sequence

import pytest

from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.destination import Destination
from cloister.egress.errors import EgressFailedError
from cloister.egress.messages import FailureKind, HttpRequest
from cloister.egress.transport import Transport
from support.canary import OK, listening

LOOPBACK = frozenset({EndpointClass.LOOPBACK})
JSON = {"content-type": "application/json"}
QUESTION = HttpRequest("POST", "/v1/ask?x=1", JSON, b'{"a": "\xc3\xa9"}')
MODELS = HttpRequest("GET", "/v1/models", {}, b"")


async def ask(
    transport: Transport, request: HttpRequest = QUESTION, key: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    async with transport.send(request, key or {}, 1000) as response:
        return response.status, b"".join([chunk async for chunk in response.chunks])


async def ask_once(origin: Origin, request: HttpRequest = QUESTION) -> tuple[int, bytes]:
    transport = Transport(Destination(origin, LOOPBACK))
    try:
        return await ask(transport, request, {"authorization": "Bearer k"})
    finally:
        await transport.close()


async def test_what_is_sent_is_what_was_given_with_host_key_and_length() -> None:
    async with listening() as server:
        assert await ask_once(server.origin) == (200, b"{}")
    assert server.head.split("\r\n") == [
        "POST /v1/ask?x=1 HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "content-type: application/json",
        "authorization: Bearer k",
        "Content-Length: 11",
    ]
    assert server.body == QUESTION.body


async def test_a_question_without_a_body_has_no_length() -> None:
    async with listening() as server:
        assert await ask_once(server.origin, MODELS) == (200, b"{}")
    assert server.head.split("\r\n") == [
        "GET /v1/models HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "authorization: Bearer k",
    ]


async def test_connections_are_kept_between_requests() -> None:
    async with listening() as server:
        transport = Transport(Destination(server.origin, LOOPBACK))
        assert await ask(transport) == await ask(transport) == (200, b"{}")
        await transport.close()
    assert server.connections == 1


async def test_an_error_of_the_server_is_an_answer() -> None:
    answer = OK.replace(b"200 OK", b"429 Too Many Requests")
    async with listening(answer) as server:
        assert await ask_once(server.origin) == (429, b"{}")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_an_answer_comes_in_pieces() -> None:
    async with listening(CHUNKED + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n") as server:
        assert await ask_once(server.origin) == (200, b"onetwo")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000, FailureKind.TOO_LARGE),
        (CHUNKED + b"7d0\r\n" + b"x" * 2000, FailureKind.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, FailureKind.BROKEN),
        (CHUNKED + b"nonsense\r\n", FailureKind.BROKEN),
        (b"220 mail.example ESMTP\r\n\r\n", FailureKind.BROKEN),
        (b"\x16\x03\x01\x02\x00\x01\x00" + b"\x00" * 50 + b"\r\n\r\n", FailureKind.BROKEN),
        (OK.replace(b"\r\n\r\n", b"\r\nContent-Encoding: br\r\n\r\n"), FailureKind.BROKEN),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", FailureKind.BROKEN),
    ],
    ids=[
        "declared too large",
        "too large without a length",
        "endless headers",
        "bad chunk",
        "another protocol",
        "TLS",
        "compressed",
        "another protocol by agreement",
    ],
)
async def test_what_cannot_be_an_answer_is_a_failure(answer: bytes, kind: FailureKind) -> None:
    async with listening(answer) as server:
        with pytest.raises(EgressFailedError) as failure:
            await ask_once(server.origin)
    assert failure.value.kind is kind


async def test_a_connection_that_breaks_off_is_a_failure_and_nothing_is_sent_again() -> None:
    async with listening(
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", closes=True
    ) as server:
        with pytest.raises(EgressFailedError) as failure:
            await ask_once(server.origin)
    assert failure.value.kind is FailureKind.BROKEN
    assert server.connections == 1


async def test_nobody_listens() -> None:
    async with listening() as server:
        origin = server.origin
    with pytest.raises(EgressFailedError, match="cannot be reached") as failure:
        await ask_once(origin)
    assert failure.value.kind is FailureKind.UNREACHABLE


async def test_an_unknown_name_is_said() -> None:
    origin = Origin("http", "no-such-name.invalid", 80)
    with pytest.raises(EgressFailedError, match=r"no-such-name\.invalid is not known"):
        await ask_once(origin)


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with listening() as server:
        origin = Origin("http", "localhost", server.port)
        transport = Transport(Destination(origin, LOOPBACK), both)
        assert await ask(transport) == (200, b"{}")
        await transport.close()
    assert f"Host: localhost:{server.port}" in server.head
