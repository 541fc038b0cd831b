"""What nobody foresaw ends a request before anything is sent, and is on record."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event
from cloister.egress.audit.verify import read_records
from cloister.egress.destination import Destination, Route
from cloister.egress.gate import Decision, Gate
from cloister.egress.keys import Keys
from cloister.egress.messages import (
    Approval,
    EgressMessage,
    EgressRequest,
    HttpRequest,
    Limits,
    Purpose,
)
from cloister.egress.sending import Sender
from cloister.settings.backends import BackendSettings

ORIGIN = Origin("https", "gpu.example", 443)
REQUEST = EgressRequest(
    backend="work",
    origin=ORIGIN,
    http=HttpRequest("POST", "/v1/completions", {}, b"{}"),
    pieces=(),
    purpose=Purpose.TRIAL,
    model="m",
    workspace="",
    approval=Approval.NONE,
    limits=Limits(1000.0, 1000),
)


def broken(_files: Sequence[Path]) -> Decision:
    raise RuntimeError("with words of the file in it")


async def test_what_nobody_foresaw_is_a_refusal_on_record(tmp_path: Path) -> None:
    classes = frozenset({EndpointClass.INTERNET})
    route = Route(BackendSettings("work", "vllm", "m"), Destination(ORIGIN, classes), "", "")
    gate = Gate(
        lambda _name: route,
        broken,
        lambda _request: False,
        lambda _request: "",
        lambda _request: "",
    )
    sender = Sender(gate, Keys(str, {}), AuditLog(tmp_path / "audit"), "kernel")
    told: list[EgressMessage] = []

    async def tell(message: EgressMessage) -> None:
        told.append(message)

    with pytest.raises(RuntimeError):
        await sender.send(1, REQUEST, tell)
    (record,) = read_records(tmp_path / "audit")
    assert record.event is Event.REFUSED
    assert record.details["reason"] == "unforeseen: RuntimeError"
    assert told == []
