"""A name is resolved once, all it means is checked, and the connection goes to what was checked."""

from collections.abc import Sequence

import pytest

from cloister.core.privacy import Origin
from cloister.egress.addresses import permitted_classes
from cloister.egress.destination import Destination
from cloister.egress.errors import EgressRefusedError
from cloister.egress.messages import HttpRequest, RefusalKind
from cloister.egress.resolution import resolve_host
from cloister.egress.transport import Transport
from support.canary import listening

QUESTION = HttpRequest("POST", "/", {}, b"the prompt")


class Resolver:
    """Answers each question with the next of its answers, as a name server of an attacker may."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    async def __call__(self, _host: str, _port: int) -> Sequence[str]:
        return self.answers.pop(0)


async def ask(transport: Transport) -> int:
    async with transport.send(QUESTION, {}, 1000) as response:
        return response.status


async def test_n08_a_name_that_moves_is_not_followed_there() -> None:
    async with (
        listening(host="127.0.0.1", closes=True) as server,
        listening(host="127.0.0.2") as canary,
    ):
        origin = Origin("http", "localhost", server.port)
        resolver = Resolver(["127.0.0.1"], ["8.8.8.8"], ["127.0.0.1", "8.8.8.8"])
        transport = Transport(Destination(origin, permitted_classes(origin)), resolver)
        assert await ask(transport) == 200
        for _ in range(2):
            with pytest.raises(EgressRefusedError) as refusal:
                await ask(transport)
            assert refusal.value.kind is RefusalKind.ADDRESS
        assert resolver.answers == []
        await transport.close()
    assert server.connections == 1
    assert canary.connections == 0


@pytest.mark.parametrize("host", ["127.1", "0", "0x7f000001", "2130706433", "localhost.evil"])
async def test_n08_what_is_not_said_to_be_this_machine_must_not_be_it(host: str) -> None:
    """These are resolved for real; `localhost.evil` stands for a name under somebody's control."""
    resolve = Resolver(["127.0.0.1"]) if host == "localhost.evil" else resolve_host
    async with listening() as server:
        origin = Origin("https", host, server.port)
        transport = Transport(Destination(origin, permitted_classes(origin)), resolve)
        with pytest.raises(EgressRefusedError) as refusal:
            await ask(transport)
        await transport.close()
    assert refusal.value.kind is RefusalKind.ADDRESS
    assert server.connections == 0


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "::ffff:8.8.8.8", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::", "fe80::1"],  # noqa: S104  # data
)
async def test_n08_this_machine_is_nothing_but_loopback(address: str) -> None:
    origin = Origin("http", "localhost", 80)
    transport = Transport(Destination(origin, permitted_classes(origin)), Resolver([address]))
    with pytest.raises(EgressRefusedError) as refusal:
        await ask(transport)
    assert refusal.value.kind is RefusalKind.ADDRESS
    await transport.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
async def test_n08_the_names_of_this_machine_reach_it(host: str) -> None:
    async with listening(host="::1" if host == "::1" else "127.0.0.1") as server:
        origin = Origin("http", host, server.port)
        transport = Transport(Destination(origin, permitted_classes(origin)))
        assert await ask(transport) == 200
        await transport.close()


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[::ffff:169.254.169.254]", "0.0.0.0", "[fe80::1]"],  # noqa: S104  # data
)
def test_n08_addresses_of_nobody_are_never_permitted(host: str) -> None:
    origin = Origin("https", host.strip("[]"), 443)
    assert permitted_classes(origin, plain_http=True) == frozenset()
