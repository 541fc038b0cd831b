"""Witnesses: sockets that listen where somebody would be reached, and count what comes.

They listen and never answer. They are the only sockets for the internet in this package, and reach
no farther than this machine.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from cloister.features.proof.evidence import Seen

PROXY_PORT = 3128
_HERE = "127.0.0.1"
# Addresses that documentation uses and nobody has.
_ELSEWHERE = "203.0.113.7"
_EVERYWHERE = "0.0.0.0"  # noqa: S104  # all addresses of a network that nobody else is in
_DNS_PORT = 53
_WEB_PORTS = (80, 443)
_MOST_BYTES = 65_536
_PATIENCE_SECONDS = 5.0


class Witnesses:
    """What was noticed so far."""

    def __init__(self, address: str, tcp_ports: Sequence[int], udp_ports: Sequence[int]) -> None:
        self.notices = 0
        self.n_bytes = 0
        self.address = address
        self.tcp = [_listening(socket.SOCK_STREAM, address, port) for port in tcp_ports]
        self.udp = [_listening(socket.SOCK_DGRAM, address, port) for port in udp_ports]
        self._noticed = asyncio.Event()

    @property
    def proxy(self) -> str:
        """The address that a program is given as its proxy."""
        return f"http://{_HERE}:{self.tcp[0].getsockname()[1]}"

    async def try_out(self) -> int:
        """Send something to each; returns how many should have noticed it."""
        target = _HERE if self.address == _HERE else _ELSEWHERE
        loop = asyncio.get_running_loop()
        for listener in (*self.tcp, *self.udp):
            with socket.socket(socket.AF_INET, listener.type) as sender:
                sender.setblocking(False)
                await loop.sock_connect(sender, (target, listener.getsockname()[1]))
                await loop.sock_sendall(sender, b"control")
        wanted = len(self.tcp) + len(self.udp)
        while self.notices < wanted or self.n_bytes < wanted * len(b"control"):
            self._noticed.clear()
            try:
                await asyncio.wait_for(self._noticed.wait(), _PATIENCE_SECONDS)
            except TimeoutError:
                break
        return wanted

    def take(self, packets: int | None) -> Seen:
        """Return what was noticed since the last time, with a count of packets."""
        seen = Seen(self.notices, self.n_bytes, packets)
        self.notices = self.n_bytes = 0
        return seen

    async def notice_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Count a connection and what comes through it."""
        self._notice(1, 0)
        while piece := await reader.read(_MOST_BYTES):
            self._notice(0, len(piece))
        writer.close()

    def notice_datagram(self, receiver: socket.socket) -> None:
        """Count a datagram."""
        self._notice(1, len(receiver.recv(_MOST_BYTES)))

    def _notice(self, notices: int, n_bytes: int) -> None:
        self.notices += notices
        self.n_bytes += n_bytes
        self._noticed.set()


@asynccontextmanager
async def witnesses(*, own_network: bool) -> AsyncIterator[Witnesses]:
    """Let witnesses listen: on the usual ports of a network of our own, else as a proxy only."""
    if own_network:
        found = Witnesses(_EVERYWHERE, (PROXY_PORT, *_WEB_PORTS, _DNS_PORT), (_DNS_PORT,))
    else:
        found = Witnesses(_HERE, (0,), ())
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        for listener in found.tcp:
            server = await asyncio.start_server(found.notice_connection, sock=listener)
            await stack.enter_async_context(server)
        for receiver in found.udp:
            stack.enter_context(receiver)
            loop.add_reader(receiver, found.notice_datagram, receiver)
            stack.callback(loop.remove_reader, receiver)
        yield found


def _listening(kind: socket.SocketKind, address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, kind)
    listener.setblocking(False)
    listener.bind((address, port))
    return listener
