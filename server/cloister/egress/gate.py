"""The checks that the egress process makes by itself, whatever its owner has checked before.

Pure but for the questions it is given: it believes nothing of a request but its bytes.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.core.privacy import EndpointClass, Level, Verdict
from cloister.egress.destination import Route
from cloister.egress.errors import EgressRefusedError
from cloister.egress.messages import (
    Approval,
    EgressRequest,
    HttpRequest,
    Limits,
    Purpose,
    RefusalKind,
    SentPiece,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says of some files together, and which endpoints that leaves."""

    verdict: Verdict
    classes: frozenset[EndpointClass]


@dataclass(frozen=True, slots=True)
class Gate:
    """The questions, answered by who knows; the composition root fills them in.

    `route` raises SettingsError for a backend that cannot be used. `unwanted` returns a sentence
    when the user's file has such requests not sent, `over_budget` when no more may be spent.
    """

    route: Callable[[str], Route]
    decide: Callable[[Sequence[Path]], Decision]
    has_consent: Callable[[EgressRequest], bool]
    unwanted: Callable[[EgressRequest], str]
    over_budget: Callable[[EgressRequest], str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A request that passed: where it goes, and what permitted it."""

    route: Route
    verdict: Verdict


def pass_gate(gate: Gate, request: EgressRequest) -> Passage:
    """Return where the request may go; raises EgressRefusedError with the check it did not pass."""
    _require_plain(request.http, request.limits)
    route = _route(gate, request)
    _require_provenance(request)
    passage = ask_policy(gate, request, route)
    if problem := gate.over_budget(request):
        raise EgressRefusedError(RefusalKind.BUDGET, problem)
    return passage


def ask_policy(gate: Gate, request: EgressRequest, route: Route) -> Passage:
    """Return what the policy leaves of a route now; raises EgressRefusedError for nothing."""
    decision = gate.decide(tuple(_files(request)))
    classes = route.destination.classes & decision.classes
    if not classes:
        raise _against_policy(decision.verdict)
    if problem := gate.unwanted(request):
        raise EgressRefusedError(RefusalKind.POLICY, problem)
    if decision.verdict.level is Level.ASK:
        _require_approval(gate, request)
    destination = replace(route.destination, classes=classes)
    return Passage(replace(route, destination=destination), decision.verdict)


_METHODS = frozenset({"GET", "POST"})
_TARGET = re.compile(r"/[!-~]{0,2000}")
_HEADER_NAME = re.compile(r"[a-z0-9-]{1,60}")
_HEADER_VALUE = re.compile(r"[ -~]{0,1000}")
_MOST_HEADERS = 20
# These are ours to write: where a request goes, how it is framed, and the keys of all services.
_RESERVED = frozenset(
    """
    api-key authorization connection content-length cookie expect host keep-alive te trailer
    transfer-encoding upgrade via x-api-key x-goog-api-key
    """.split()  # noqa: SIM905  # three lines are easier to read than fourteen
)
_MOST_DEADLINE_MS = 600_000
_MOST_ANSWER_BYTES = 64 * 1024 * 1024
_MOST_TRIAL_BYTES = 4096
_SHA256 = re.compile(r"[0-9a-f]{64}")


def _require_plain(http: HttpRequest, limits: Limits) -> None:
    names = [name.lower() for name in http.headers]
    is_plain = (
        http.method in _METHODS
        and bool(_TARGET.fullmatch(http.path))
        and not (http.method == "GET" and http.body)
        and len(set(names)) == len(names) <= _MOST_HEADERS
        and not any(name in _RESERVED or name.startswith("proxy-") for name in names)
        and all(map(_HEADER_NAME.fullmatch, names))
        and all(map(_HEADER_VALUE.fullmatch, http.headers.values()))
        and 0 < limits.deadline_ms <= _MOST_DEADLINE_MS
        and 0 < limits.answer_bytes <= _MOST_ANSWER_BYTES
    )
    if not is_plain:
        raise EgressRefusedError(
            RefusalKind.REQUEST, "The request is not one that is sent; this is a bug in cloister."
        )


def _route(gate: Gate, request: EgressRequest) -> Route:
    try:
        route = gate.route(request.backend)
    except SettingsError as error:
        raise EgressRefusedError(RefusalKind.ORIGIN, str(error)) from error
    if route.destination.origin != request.origin:
        raise EgressRefusedError(
            RefusalKind.ORIGIN,
            f"The backend {request.backend!r} is at {route.destination.origin} now and not at "
            f"{request.origin} any more; ask again.",
        )
    return route


def _require_provenance(request: EgressRequest) -> None:
    most_bytes = _MOST_TRIAL_BYTES if request.purpose is Purpose.TRIAL else 0
    is_ours = len(request.http.body) <= most_bytes
    is_placed = not request.workspace or _is_place(request.workspace)
    if not (request.pieces or is_ours) or not all((is_placed, *map(_is_whole, request.pieces))):
        raise EgressRefusedError(
            RefusalKind.PROVENANCE,
            "The request holds text of an unknown file; this is a bug in cloister.",
        )


def _is_whole(piece: SentPiece) -> bool:
    return (
        _is_place(piece.path)
        and _is_place(piece.real_path)
        and 0 <= piece.first_line <= piece.last_line
        and bool(_SHA256.fullmatch(piece.sha256))
    )


def _is_place(path: str) -> bool:
    try:
        return b"\0" not in os.fsencode(path) and Path(path).is_absolute()
    except UnicodeEncodeError:
        return False


def _files(request: EgressRequest) -> Iterator[Path]:
    """Yield what the request is about by every name, also by those that links have by now."""
    if request.workspace:
        yield Path(request.workspace)
    for piece in request.pieces:
        yield from dict.fromkeys(
            map(Path, (piece.path, piece.real_path, os.path.realpath(piece.path)))
        )


def _require_approval(gate: Gate, request: EgressRequest) -> None:
    is_agreed = request.approval is Approval.PREVIEW or (
        request.approval is Approval.RECORD
        and _is_of_workspace(request)
        and gate.has_consent(request)
    )
    if not is_agreed:
        raise EgressRefusedError(
            RefusalKind.APPROVAL,
            f"Nobody has agreed to send this to {request.origin}; look at the preview first.",
        )


def _is_of_workspace(request: EgressRequest) -> bool:
    """Whether all pieces lie in the folder that a consent on record is about."""
    folder = os.path.realpath(request.workspace)
    return bool(request.workspace) and all(
        Path(real_path).is_relative_to(folder)
        for piece in request.pieces
        for real_path in (piece.real_path, os.path.realpath(piece.path))
    )


def _against_policy(verdict: Verdict) -> EgressRefusedError:
    layer = verdict.decided_by
    where = f" ({layer.path})" if layer.path else ""
    return EgressRefusedError(
        RefusalKind.POLICY, f"Nothing of this may leave here: {layer.rule}{where}."
    )
