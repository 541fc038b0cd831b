"""One request from the first check to the last record: nothing leaves that is not written down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cloister.egress.accounts import Account, request_details, verdict_details
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event
from cloister.egress.destination import Destination, Route
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.gate import Gate, ask_policy, pass_gate
from cloister.egress.keys import Keys
from cloister.egress.messages import (
    Done,
    EgressMessage,
    EgressRequest,
    Failed,
    FailureKind,
    Received,
    RefusalKind,
    Refused,
    Started,
)
from cloister.egress.resolution import resolve_host
from cloister.egress.transport import Resolve, Transport

Tell = Callable[[EgressMessage], Awaitable[None]]

_TOLD_HEADERS = ("content-type", "retry-after")
_KEY_NOT_TAKEN = {401, 403}
_ASK_AGAIN_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Sender:
    """Sends what passes the gate; `isolation` is what holds this process, for the records."""

    def __init__(
        self,
        gate: Gate,
        keys: Keys,
        audit: AuditLog,
        isolation: str,
        resolve: Resolve = resolve_host,
    ) -> None:
        self._gate = gate
        self._keys = keys
        self._audit = audit
        self._isolation = isolation
        self._resolve = resolve
        self._transports: dict[Destination, Transport] = {}

    async def send(self, id_: int, request: EgressRequest, tell: Tell) -> None:
        """Send the request, tell what comes back, and end with Done, Refused or Failed."""
        account = Account(uuid4().hex, request)
        details = request_details(account, self._isolation)
        try:
            errand = await self._permitted(id_, account, details, tell)
        except EgressRefusedError as error:
            details |= {"kind": error.kind, "reason": str(error)}
            self._write_if_possible(Event.REFUSED, details)
            await tell(Refused(id_, error.kind, str(error)))
            return
        except Exception as error:
            # Nothing left, so this is a refusal, whatever it was; its words may hold text.
            details |= {
                "kind": RefusalKind.REQUEST,
                "reason": f"unforeseen: {type(error).__name__}",
            }
            self._write_if_possible(Event.REFUSED, details)
            raise
        try:
            final = await self._answered(errand)
        except asyncio.CancelledError:
            account.fail(Event.FAILED, FailureKind.CANCELLED, "nobody waited any more")
            raise
        finally:
            self._write_if_possible(account.event, account.outcome())
        await tell(final)

    async def _permitted(
        self, id_: int, account: Account, details: dict[str, Any], tell: Tell
    ) -> "_Errand":
        """Return when the request may go and its record is on the disk; fills in `details`."""
        passage = pass_gate(self._gate, account.request)
        details |= verdict_details(passage.verdict)
        key_headers = await asyncio.to_thread(self._keys.headers, passage.route)
        # Somebody may have been asked for the key, and the policy may be another by now.
        passage = pass_gate(self._gate, account.request)
        details |= verdict_details(passage.verdict)
        try:
            # On this thread: a request that is cancelled meanwhile is still written down in order.
            self._audit.append(Event.INTENT, details)
        except OSError as error:
            raise EgressRefusedError(
                RefusalKind.AUDIT,
                f"The audit log cannot be written ({error.strerror}), so nothing is sent; make "
                "room on the disk, or see `cloister audit verify`.",
            ) from error
        return _Errand(id_, account, passage.route, key_headers, tell)

    async def _answered(self, errand: "_Errand") -> EgressMessage:
        """Return how the exchange ended, which its account knows as well."""
        id_, account = errand.id_, errand.account
        try:
            async with asyncio.timeout(account.request.limits.deadline_ms / 1000):
                await self._while_permitted(errand)
        except EgressRefusedError as error:
            account.fail(Event.REFUSED, error.kind, str(error))
            return Refused(id_, error.kind, str(error))
        except EgressFailedError as error:
            account.fail(Event.FAILED, error.kind, str(error))
            return Failed(id_, error.kind, str(error))
        except TimeoutError:
            sentence = f"{account.request.origin} did not answer in time; try again."
            account.fail(Event.FAILED, FailureKind.TIMEOUT, sentence)
            return Failed(id_, FailureKind.TIMEOUT, sentence)
        account.event = Event.SENT
        return Done(id_, account.bytes_in)

    async def _while_permitted(self, errand: "_Errand") -> None:
        """Exchange until the end, or until the policy changes its mind."""
        exchange = asyncio.ensure_future(self._exchange(errand))
        try:
            while not (await asyncio.wait({exchange}, timeout=_ASK_AGAIN_SECONDS))[0]:
                self._ask_again(errand)
            exchange.result()
        finally:
            exchange.cancel()
            # The connection is closed, and its last error looked at, before anybody goes on.
            await asyncio.wait({exchange})

    def _ask_again(self, errand: "_Errand") -> None:
        try:
            ask_policy(self._gate, errand.account.request, errand.route)
        except EgressRefusedError as error:
            raise EgressFailedError(FailureKind.POLICY, str(error)) from error

    async def _exchange(self, errand: "_Errand") -> None:
        account, request = errand.account, errand.account.request
        transport = self._transport(errand.route.destination)
        async with transport.send(
            request.http, errand.key_headers, request.limits.answer_bytes
        ) as response:
            account.status, account.address = response.status, response.address
            if response.status in _KEY_NOT_TAKEN:
                self._keys.forget(errand.route)
            await errand.tell(Started(errand.id_, response.status, _told(response.headers)))
            async for chunk in response.chunks:
                account.bytes_in += len(chunk)
                await errand.tell(Received(errand.id_, chunk))

    def _transport(self, destination: Destination) -> Transport:
        if destination not in self._transports:
            self._transports[destination] = Transport(destination, self._resolve)
        return self._transports[destination]

    def _write_if_possible(self, event: Event, details: Mapping[str, Any]) -> None:
        """Write a record of what is over; without room, that is all that can be said of it."""
        try:
            self._audit.append(event, details)
        except OSError as error:
            _log.error("the audit log cannot be written: %s", error.strerror)


@dataclass(frozen=True, slots=True)
class _Errand:
    """A request that may go: where, with which key, and who hears of it."""

    id_: int
    account: Account
    route: Route
    key_headers: Mapping[str, str]
    tell: Tell


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in _TOLD_HEADERS if name in headers}
