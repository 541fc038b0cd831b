"""Every check that the egress process makes by itself, one row each."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cloister.core.errors import SettingsError
from cloister.core.privacy import EndpointClass, Layer, LayerKind, Level, Origin, Verdict
from cloister.egress.destination import Destination, Route
from cloister.egress.errors import EgressRefusedError
from cloister.egress.gate import Decision, Gate, pass_gate
from cloister.egress.messages import (
    Approval,
    EgressRequest,
    HttpRequest,
    Limits,
    Purpose,
    RefusalKind,
    SentPiece,
)
from cloister.settings.backends import BackendSettings

ORIGIN = Origin("https", "gpu.example", 443)
LAN_OR_INTERNET = frozenset({EndpointClass.LAN, EndpointClass.INTERNET})
EVERYWHERE = frozenset(EndpointClass)
ROUTE = Route(
    BackendSettings("work", "vllm", "m"),
    Destination(ORIGIN, LAN_OR_INTERNET),
    "authorization",
    "Bearer ",
)
PIECE = SentPiece("/project/a.py", "/project/a.py", 0, 9, "0" * 64, 100)
REQUEST = EgressRequest(
    backend="work",
    origin=ORIGIN,
    http=HttpRequest("POST", "/v1/completions?x=%20", {"content-type": "application/json"}, b"{}"),
    pieces=(PIECE,),
    purpose=Purpose.COMPLETION,
    model="m",
    workspace="/project",
    approval=Approval.NONE,
    limits=Limits(1000.0, 1000),
)


def verdict(level: Level, path: Path | None = None) -> Verdict:
    return Verdict((Layer(LayerKind.USER, level, "a rule of a test", path),))


def gate(
    level: Level = Level.ALLOW,
    classes: frozenset[EndpointClass] = EVERYWHERE,
    *,
    asked: Callable[[Sequence[Path]], object] = lambda _files: None,
    consents: Callable[[EgressRequest], bool] = lambda _request: False,
    unwanted: str = "",
    over_budget: str = "",
) -> Gate:
    def route(name: str) -> Route:
        if name != "work":
            raise SettingsError(f"There is no backend {name!r}.")
        return ROUTE

    def decide(files: Sequence[Path]) -> Decision:
        asked(files)
        return Decision(verdict(level), classes)

    return Gate(route, decide, consents, lambda _request: unwanted, lambda _request: over_budget)


def refusal(request: EgressRequest, at: Gate | None = None) -> EgressRefusedError:
    with pytest.raises(EgressRefusedError) as refused:
        pass_gate(at or gate(), request)
    return refused.value


def test_what_is_permitted_passes_and_goes_where_policy_and_file_agree() -> None:
    passage = pass_gate(gate(classes=frozenset({EndpointClass.LAN})), REQUEST)
    assert passage.route == replace(
        ROUTE, destination=Destination(ORIGIN, frozenset({EndpointClass.LAN}))
    )
    assert passage.verdict == verdict(Level.ALLOW)


def http(method: str = "POST", path: str = "/", body: bytes = b"", **headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest(method, path, named, body)


@pytest.mark.parametrize(
    "changed",
    [
        http("DELETE"),
        http("CONNECT", "gpu.example:443"),
        http("GET", body=b"x"),
        http(path=""),
        http(path="v1"),
        http(path="http://elsewhere/"),
        http(path="/a b"),
        http(path="/a\r\nX: y"),
        http(path="/é"),
        http(path="/" + "x" * 2001),
        http(host="elsewhere"),
        http(authorization="Bearer of somebody else"),
        http(x_api_key="k"),
        http(api_key="k"),
        http(x_goog_api_key="k"),
        http(cookie="k"),
        http(transfer_encoding="chunked"),
        http(content_length="1"),
        http(connection="upgrade"),
        http(proxy_authorization="k"),
        HttpRequest("POST", "/", {"Host": "elsewhere"}, b""),
        HttpRequest("POST", "/", {"x": "a\r\nHost: elsewhere"}, b""),
        HttpRequest("POST", "/", {"x": "é"}, b""),
        HttpRequest("POST", "/", {"x:": "a"}, b""),
        HttpRequest("POST", "/", {"": "a"}, b""),
        HttpRequest("POST", "/", {"x": "a", "X": "b"}, b""),
        HttpRequest("POST", "/", {f"x{number}": "" for number in range(21)}, b""),
    ],
)
def test_only_plain_requests_are_sent(changed: HttpRequest) -> None:
    assert refusal(replace(REQUEST, http=changed)).kind is RefusalKind.REQUEST


@pytest.mark.parametrize(
    "limits", [Limits(0.0, 1), Limits(600_001.0, 1), Limits(1.0, 0), Limits(1.0, 2**40)]
)
def test_nothing_is_without_limits(limits: Limits) -> None:
    assert refusal(replace(REQUEST, limits=limits)).kind is RefusalKind.REQUEST


def test_only_backends_of_the_users_file_are_reached() -> None:
    error = refusal(replace(REQUEST, backend="other"))
    assert (error.kind, str(error)) == (RefusalKind.ORIGIN, "There is no backend 'other'.")


@pytest.mark.parametrize(
    "origin",
    [
        Origin("http", "gpu.example", 443),
        Origin("https", "gpu.example", 8443),
        Origin("https", "gpu.example.evil", 443),
    ],
)
def test_another_origin_than_the_one_of_the_users_file_is_refused(origin: Origin) -> None:
    error = refusal(replace(REQUEST, origin=origin))
    assert error.kind is RefusalKind.ORIGIN
    assert "is at https://gpu.example:443 now" in str(error)


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (replace(PIECE, path="a.py"),),
        (replace(PIECE, path="/a\0.py"),),
        (replace(PIECE, real_path="/a\ud800.py"),),
        (PIECE, replace(PIECE, real_path="")),
        (replace(PIECE, first_line=-1),),
        (replace(PIECE, first_line=10),),
        (replace(PIECE, sha256="0" * 63),),
        (replace(PIECE, sha256="G" * 64),),
    ],
)
def test_nothing_without_provenance_is_sent(pieces: tuple[SentPiece, ...]) -> None:
    assert refusal(replace(REQUEST, pieces=pieces)).kind is RefusalKind.PROVENANCE


def test_a_trial_is_too_small_for_anybody_elses_text() -> None:
    trial = replace(REQUEST, pieces=(), purpose=Purpose.TRIAL, http=http(body=b"x" * 4097))
    assert refusal(trial).kind is RefusalKind.PROVENANCE


def test_a_trial_and_a_question_without_a_body_need_no_pieces() -> None:
    asked: list[Path] = []
    trial = replace(REQUEST, pieces=(), purpose=Purpose.TRIAL)
    listing = replace(REQUEST, pieces=(), workspace="", http=http("GET", "/v1/models"))
    for request in (trial, listing):
        pass_gate(gate(asked=asked.extend), request)
    assert asked == [Path("/project")]


def test_every_file_is_asked_about_by_every_name_that_it_has_now(tmp_path: Path) -> None:
    (tmp_path / "protected").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "protected")
    asked: list[Path] = []
    moved = replace(PIECE, path=str(tmp_path / "link" / "a.py"), real_path="/was/there/a.py")
    pass_gate(gate(asked=asked.extend), replace(REQUEST, pieces=(PIECE, moved)))
    assert set(asked) == {
        Path("/project"),
        Path("/project/a.py"),
        tmp_path / "link" / "a.py",
        Path("/was/there/a.py"),
        Path(os.path.realpath(tmp_path)) / "protected" / "a.py",
    }


@pytest.mark.parametrize("workspace", ["project", "./project"])
def test_a_workspace_has_a_place(workspace: str) -> None:
    assert refusal(replace(REQUEST, workspace=workspace)).kind is RefusalKind.PROVENANCE


@pytest.mark.parametrize(
    "classes",
    [frozenset(), frozenset({EndpointClass.ENGINE}), frozenset({EndpointClass.LOOPBACK})],
)
def test_what_the_policy_forbids_is_refused_and_the_rule_is_named(
    classes: frozenset[EndpointClass],
) -> None:
    error = refusal(REQUEST, gate(Level.LOCAL_ONLY, classes))
    assert error.kind is RefusalKind.POLICY
    assert str(error) == "Nothing of this may leave here: a rule of a test."


@pytest.mark.parametrize(
    ("approval", "has_consent", "passes"),
    [
        (Approval.NONE, True, False),
        (Approval.PREVIEW, False, True),
        (Approval.RECORD, True, True),
        (Approval.RECORD, False, False),
    ],
)
def test_ask_means_that_somebody_was_asked(
    approval: Approval,
    has_consent: bool,  # noqa: FBT001  # data
    passes: bool,  # noqa: FBT001  # data
) -> None:
    at = gate(Level.ASK, consents=lambda _request: has_consent)
    request = replace(REQUEST, approval=approval)
    if passes:
        pass_gate(at, request)
    else:
        assert refusal(request, at).kind is RefusalKind.APPROVAL


@pytest.mark.parametrize(
    ("workspace", "path"),
    [("/other", "/project/a.py"), ("", "/project/a.py"), ("/project", "/project/../other/a.py")],
)
def test_a_consent_on_record_is_about_one_folder(workspace: str, path: str) -> None:
    at = gate(Level.ASK, consents=lambda _request: True)
    request = replace(
        REQUEST,
        workspace=workspace,
        pieces=(PIECE, replace(PIECE, path=path)),
        approval=Approval.RECORD,
    )
    assert refusal(request, at).kind is RefusalKind.APPROVAL
    pass_gate(at, replace(request, approval=Approval.PREVIEW))


def test_a_spent_budget_ends_it() -> None:
    error = refusal(REQUEST, gate(over_budget="All is spent."))
    assert (error.kind, str(error)) == (RefusalKind.BUDGET, "All is spent.")


def test_what_the_user_has_not_sent_is_not() -> None:
    refused = refusal(REQUEST, gate(unwanted="Not for completions."))
    assert (refused.kind, str(refused)) == (RefusalKind.POLICY, "Not for completions.")
