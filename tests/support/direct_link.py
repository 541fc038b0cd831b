"""Sends requests from the test's own process, with the real transport and without any policy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.privacy import EndpointClass
from cloister.egress.client import Answer
from cloister.egress.destination import Destination
from cloister.egress.messages import EgressRequest
from cloister.egress.transport import Response, Transport


class DirectLink:
    """Stands where the egress process does; keeps what was sent."""

    def __init__(self, key_headers: Mapping[str, str] | None = None) -> None:
        self.sent: list[EgressRequest] = []
        self._key_headers = key_headers or {}

    @asynccontextmanager
    async def exchange(self, request: EgressRequest, cancel: CancelToken) -> AsyncIterator[Answer]:
        self.sent.append(request)
        transport = Transport(Destination(request.origin, frozenset({EndpointClass.LOOPBACK})))
        sending = transport.send(request.http, self._key_headers, request.limits.answer_bytes)
        try:
            response = await unless_stopped(_entered(sending), cancel)
            try:
                chunks = _until_stopped(response.chunks, cancel)
                yield Answer(response.status, response.headers, chunks)
            finally:
                await sending.__aexit__(None, None, None)
        finally:
            await transport.close()


async def _entered(sending: AbstractAsyncContextManager[Response]) -> Response:
    return await sending.__aenter__()


async def _until_stopped(chunks: AsyncIterator[bytes], cancel: CancelToken) -> AsyncIterator[bytes]:
    async def following() -> bytes | None:
        return await anext(chunks, None)

    while (data := await unless_stopped(following(), cancel)) is not None:
        yield data
