"""A server proves who it is, or gets nothing; there is no setting against that."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from cloister.core.errors import SettingsError
from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.destination import Destination
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.messages import FailureKind, HttpRequest, RefusalKind
from cloister.egress.transport import Transport
from cloister.settings.backends import BackendSettings, parse_backend
from support.canary import listening

QUESTION = HttpRequest("POST", "/", {}, b"the prompt")
LOOPBACK = frozenset({EndpointClass.LOOPBACK})
AUTHORITY = trustme.CA()


def context_for(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def valid() -> ssl.SSLContext:
    return context_for(AUTHORITY.issue_cert("localhost", "127.0.0.1"))


def of_another_authority() -> ssl.SSLContext:
    return context_for(trustme.CA().issue_cert("localhost"))


def of_another_host() -> ssl.SSLContext:
    return context_for(AUTHORITY.issue_cert("api.example"))


def expired() -> ssl.SSLContext:
    end = datetime.now(UTC) - timedelta(days=1)
    return context_for(
        AUTHORITY.issue_cert("localhost", not_before=end - timedelta(days=9), not_after=end)
    )


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    path = tmp_path / "company.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


async def ask(origin: Origin, ca_file: Path | None) -> int:
    transport = Transport(Destination(origin, LOOPBACK, ca_file))
    try:
        async with transport.send(QUESTION, {"authorization": "Bearer k"}, 1000) as response:
            return response.status
    finally:
        await transport.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_n09_an_authority_of_the_users_file_is_believed(host: str, ca_file: Path) -> None:
    async with listening(tls=valid()) as server:
        assert await ask(Origin("https", host, server.port), ca_file) == 200
    assert server.body == b"the prompt"


@pytest.mark.parametrize("make", [of_another_authority, of_another_host, expired])
async def test_n09_who_does_not_prove_itself_gets_nothing(
    make: Callable[[], ssl.SSLContext], ca_file: Path
) -> None:
    async with listening(tls=make()) as server:
        with pytest.raises(EgressFailedError, match="does not prove who it is") as failure:
            await ask(Origin("https", "localhost", server.port), ca_file)
    assert failure.value.kind is FailureKind.CERTIFICATE
    assert server.received == b""


async def test_n09_without_the_users_authority_nobody_knows_it() -> None:
    async with listening(tls=valid()) as server:
        with pytest.raises(EgressFailedError) as failure:
            await ask(Origin("https", "localhost", server.port), None)
    assert failure.value.kind is FailureKind.CERTIFICATE
    assert server.received == b""


@pytest.mark.parametrize("contents", ["", "no certificate", "\x00"])
async def test_n09_an_authority_that_cannot_be_read_is_not_passed_over(
    contents: str, tmp_path: Path
) -> None:
    path = tmp_path / "company.pem"
    path.write_text(contents)  # before anything runs
    async with listening(tls=valid()) as server:
        with pytest.raises(EgressRefusedError, match="cannot be used") as refusal:
            await ask(Origin("https", "localhost", server.port), path)
    assert refusal.value.kind is RefusalKind.REQUEST
    assert server.connections == 0


@pytest.mark.parametrize(
    "key", ["verify", "insecure", "tls-verify", "skip-verify", "tls_skip_verify_insecure"]
)
def test_n09_there_is_no_setting_to_accept(key: str) -> None:
    values = {"provider": "vllm", "model": "m", "url": "https://gpu.example", key: False}
    with pytest.raises(SettingsError, match="no key"):
        parse_backend("work", values)
    assert not any("verify" in name for name in BackendSettings.__dataclass_fields__)
