"""What the audit log keeps of a request: where, why, which files, how much, and no text."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cloister import __version__
from cloister.core.privacy import Layer, Verdict
from cloister.egress.audit.records import Event
from cloister.egress.messages import EgressRequest


@dataclass(slots=True)
class Account:
    """One request on its way, and what became of it so far: nothing good until it is known."""

    request_id: str
    request: EgressRequest
    event: Event = Event.FAILED
    kind: str = ""
    reason: str = ""
    status: int = 0
    address: str = ""
    bytes_in: int = 0

    def fail(self, event: Event, kind: str, reason: str) -> None:
        """Note that it did not end well."""
        self.event, self.kind, self.reason = event, kind, reason

    def outcome(self) -> Mapping[str, Any]:
        """Return the details of the record after the request."""
        return _identity(self) | {
            "resolved_ip": self.address,
            "status": self.status,
            "bytes_in": self.bytes_in,
            "kind": self.kind,
            "reason": self.reason,
        }


def request_details(account: Account, isolation: str) -> dict[str, Any]:
    """Return the details of the record before the request, or of its refusal."""
    request = account.request
    return _identity(account) | {
        "workspace": request.workspace,
        "approval": request.approval,
        "bytes_out": len(request.http.body),
        "payload_sha256": hashlib.sha256(request.http.body).hexdigest(),
        "files": [asdict(piece) for piece in request.pieces],
        "redactions": request.redactions,
        "isolation": isolation,
        "server_version": __version__,
    }


def verdict_details(verdict: Verdict) -> dict[str, Any]:
    """Return what the policy said, layer by layer."""
    return {
        "policy": {
            "level": verdict.level.label,
            "decided_by": _layer(verdict.decided_by),
            "layers": [_layer(layer) for layer in verdict.layers],
        }
    }


def _identity(account: Account) -> dict[str, Any]:
    request = account.request
    return {
        "request_id": account.request_id,
        "backend": request.backend,
        "origin": str(request.origin),
        "model": request.model,
        "purpose": request.purpose,
    }


def _layer(layer: Layer) -> dict[str, str]:
    path = "" if layer.path is None else str(layer.path)
    return {"kind": layer.kind, "level": layer.level.label, "rule": layer.rule, "path": path}
