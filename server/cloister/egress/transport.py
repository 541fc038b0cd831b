"""One HTTP connection to one place, exactly as it was agreed.

`httpcore2` does nothing of its own accord: it follows no redirect, reads no environment, knows no
proxy and adds no header. Names are resolved here, once per connection, every address is checked,
and the connection goes to a checked one, so nothing can change in between. Bytes are never sent
twice.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2

from cloister.core.privacy import Origin
from cloister.egress.destination import Destination
from cloister.egress.errors import EgressFailedError
from cloister.egress.failures import as_failure
from cloister.egress.messages import FailureKind, HttpRequest
from cloister.egress.resolution import checked_addresses, resolve_host
from cloister.egress.trust import tls_context

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_CONNECT_SECONDS = 10.0
_KEPT_SECONDS = 60.0
_MOST_CONNECTIONS = 8
_REDIRECTS = range(300, 400)
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer whose body is still coming; header names are in lower case.

    `address` is where the connection went. `chunks` raises EgressFailedError.
    """

    status: int
    headers: Mapping[str, str]
    address: str
    chunks: AsyncIterator[bytes]


class Transport:
    """Connections to one destination, kept for a while between requests."""

    def __init__(self, destination: Destination, resolve: Resolve = resolve_host) -> None:
        """Raise EgressRefusedError when the destination's certificates cannot be read."""
        self._origin = destination.origin
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls_context(destination.ca_file),
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_CheckedNetwork(destination, resolve),
        )

    @asynccontextmanager
    async def send(
        self, request: HttpRequest, key_headers: Mapping[str, str], answer_bytes: int
    ) -> AsyncIterator[Response]:
        """Send the request and hand out the answer; leaving early closes the connection.

        Raises EgressRefusedError before anything is sent to an address that is not permitted, and
        EgressFailedError for whatever goes wrong later, a redirect included.
        """
        message = self._message(request, key_headers)
        with as_failure(self._origin):
            response = await self._pool.handle_async_request(message)
        try:
            yield self._response(response, answer_bytes)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close what is open."""
        await self._pool.aclose()

    def _message(self, request: HttpRequest, key_headers: Mapping[str, str]) -> httpcore2.Request:
        origin = self._origin
        headers = {"Host": _host_header(origin), **request.headers, **key_headers}
        if request.body:
            headers["Content-Length"] = str(len(request.body))
        return httpcore2.Request(
            request.method,
            httpcore2.URL(
                scheme=origin.scheme, host=origin.host, port=origin.port, target=request.path
            ),
            headers=list(headers.items()),
            content=request.body,
            extensions={"timeout": {"connect": _CONNECT_SECONDS}},
        )

    def _response(self, response: httpcore2.Response, answer_bytes: int) -> Response:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        if response.status in _REDIRECTS:
            raise EgressFailedError(
                FailureKind.REDIRECT,
                f"{self._origin} sends to another place, which is not followed; "
                "write the final address as the backend's `url`.",
            )
        if headers.get("content-encoding", "identity") != "identity":
            raise EgressFailedError(
                FailureKind.BROKEN,
                f"{self._origin} compressed its answer, which was not asked for.",
            )
        stream = response.extensions["network_stream"]
        address = stream.get_extra_info("server_addr")[0]
        chunks = _bounded(response, self._origin, answer_bytes)
        return Response(response.status, headers, address, chunks)


def _host_header(origin: Origin) -> str:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return host if origin.port == _DEFAULT_PORTS[origin.scheme] else f"{host}:{origin.port}"


async def _bounded(
    response: httpcore2.Response, origin: Origin, answer_bytes: int
) -> AsyncIterator[bytes]:
    n_bytes = 0
    with as_failure(origin):
        async for chunk in response.aiter_stream():
            n_bytes += len(chunk)
            if n_bytes > answer_bytes:
                raise EgressFailedError(
                    FailureKind.TOO_LARGE,
                    f"{origin} answers with more than {answer_bytes} bytes; ask for less.",
                )
            yield chunk


class _CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were checked, never to a name."""

    def __init__(self, destination: Destination, resolve: Resolve) -> None:
        self._destination = destination
        self._resolve = resolve
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve the name, check what it means, and connect to the first that answers."""
        found = await self._resolve(host, port)
        *others, last = checked_addresses(
            self._destination.origin, self._destination.classes, found
        )
        for address in others:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)
