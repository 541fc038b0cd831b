"""From a host's name to addresses that may be connected to."""

import asyncio
import socket
from collections.abc import Sequence

from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.addresses import common_class
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.messages import FailureKind, RefusalKind

_RESOLVE_SECONDS = 10.0


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name in the order of preference; raises EgressFailedError."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EgressFailedError(
            FailureKind.UNREACHABLE,
            f"The name {host} is not known here; check the backend's `url` and the network.",
        ) from error
    return [str(address[0]) for *_, address in found]


def checked_addresses(
    origin: Origin, classes: frozenset[EndpointClass], addresses: Sequence[str]
) -> Sequence[str]:
    """Return the addresses when all are of one permitted class; raises EgressRefusedError."""
    found = common_class(addresses)
    if found is not None and found in classes:
        return addresses
    where = f"in the class {found}" if found else "of different classes, or refused everywhere"
    raise EgressRefusedError(
        RefusalKind.ADDRESS,
        f"The addresses of {origin.host} are {where}, where nothing may be sent for this backend; "
        "check its `url`.",
    )
