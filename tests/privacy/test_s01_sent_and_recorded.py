"""What arrives is what was recorded: bytes, hash, files, and where each piece stands on disk."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from cloister.egress.audit.records import Event
from cloister.egress.audit.verify import read_records, verify
from support.canary import listening
from support.egress_process import BODY, KEY, answer_of, egress, user_at


def text_on_disk(file: dict[str, Any]) -> bytes:
    lines = Path(file["path"]).read_bytes().split(b"\n")
    return b"\n".join(lines[file["first_line"] : file["last_line"] + 1])


async def test_s01_the_record_is_what_the_server_got(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        pieces = [user.source(), user.source("x = 1\ny = 2\n", "b.py")]
        async with egress() as link:
            assert await answer_of(link, user.request(pieces)) == (200, b"{}")
    intent, sent = read_records(user.audit)
    assert (intent.event, sent.event) == (Event.INTENT, Event.SENT)
    assert server.body == BODY
    assert f"authorization: Bearer {KEY}" in server.head
    assert intent.details["bytes_out"] == len(server.body)
    assert intent.details["payload_sha256"] == hashlib.sha256(server.body).hexdigest()
    assert [file["path"] for file in intent.details["files"]] == [str(it.path) for it in pieces]
    for file in intent.details["files"]:
        text = text_on_disk(file)
        assert hashlib.sha256(text).hexdigest() == file["sha256"]
        assert len(text) == file["size_bytes"]
    assert sent.details["request_id"] == intent.details["request_id"]
    assert sent.details["resolved_ip"] == "127.0.0.1"
    assert sent.details["bytes_in"] == 2
    assert intent.details["policy"]["level"] == "allow"
    assert intent.details["isolation"] == "kernel"
    assert verify(user.audit).problems == ()
