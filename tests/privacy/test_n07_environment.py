"""Nothing in the environment changes where a request goes or what is in it."""

import re
from pathlib import Path

import pytest

from support.canary import listening
from support.egress_process import BODY, KEY, answer_of, egress, user_at

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
LYING = {
    "NO_PROXY": "",
    "SSL_CERT_FILE": "/nowhere",
    "SSL_CERT_DIR": "/nowhere",
    "SSLKEYLOGFILE": "{folder}/keys.log",
    "OPENAI_BASE_URL": "{canary}",
    "OPENAI_API_KEY": "sk-attacker",
    "OPENAI_CUSTOM_HEADERS": "X-Injected: yes",
    "OPENAI_LOG": "debug",
    "ANTHROPIC_BASE_URL": "{canary}",
    "HTTPX_LOG_LEVEL": "trace",
    "PYTHONPATH": "{folder}",
    "PYTHONSTARTUP": "{folder}/startup.py",
    "PYTHONDEVMODE": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}


async def test_n07_no_variable_reaches_the_process_that_sends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with listening() as server, listening(host="127.0.0.2") as canary:
        user = user_at(monkeypatch, tmp_path, server.origin)
        for name in PROXIES:
            monkeypatch.setenv(name, f"http://127.0.0.2:{canary.port}")
            monkeypatch.setenv(name.upper(), f"http://127.0.0.2:{canary.port}")
        for name, value in LYING.items():
            monkeypatch.setenv(name, value.format(canary=canary.origin, folder=tmp_path))
        # A folder of PYTHONPATH could bring its own version of a library.
        (tmp_path / "httpcore2.py").write_text("raise SystemExit('hijacked')")
        async with egress() as link:
            assert await answer_of(link, user.request()) == (200, b"{}")
        assert canary.connections == 0
    names = re.findall(r"^([\w-]+):", server.head, re.MULTILINE)
    assert [name.lower() for name in names] == [
        "host",
        "content-type",
        "authorization",
        "content-length",
    ]
    assert f"Bearer {KEY}" in server.head
    assert server.body == BODY
    assert not (tmp_path / "keys.log").exists()
    assert capfd.readouterr().err == ""
