"""A server that sends somewhere else is not followed: the other place hears nothing at all."""

import pytest

from cloister.core.privacy import EndpointClass
from cloister.egress.destination import Destination
from cloister.egress.errors import EgressFailedError
from cloister.egress.messages import FailureKind, HttpRequest
from cloister.egress.transport import Transport
from support.canary import listening, redirect

QUESTION = HttpRequest("POST", "/v1/completions", {}, b"the prompt")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize("where", ["host", "port", "scheme", "path"])
async def test_n06_no_redirect_is_followed(status: int, where: str) -> None:
    async with listening(host="127.0.0.2") as other:
        elsewhere = {
            "host": f"http://127.0.0.2:{other.port}/",
            "port": f"http://127.0.0.1:{other.port}/",
            "scheme": f"https://127.0.0.2:{other.port}/",
            "path": "/v2/completions",
        }[where]
        async with listening(redirect(status, elsewhere)) as server:
            transport = Transport(Destination(server.origin, frozenset({EndpointClass.LOOPBACK})))
            with pytest.raises(EgressFailedError, match="another place") as failure:
                async with transport.send(QUESTION, {"authorization": "Bearer k"}, 1000):
                    pass
            await transport.close()
        assert failure.value.kind is FailureKind.REDIRECT
        assert server.connections == 1
        assert bytes(server.received).count(b"the prompt") == 1
    assert other.connections == 0
