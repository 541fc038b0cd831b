"""What a window starts beside itself, and that it serves without it."""

from pathlib import Path

import pytest

from support.canary import listening
from support.egress_process import user_at
from support.lsp_client import running
from support.policies import SCRIPTED_LSP


async def test_a_window_serves_where_the_process_for_other_services_cannot_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.audit.parents[1].write_text("not a folder")
        async with running(SCRIPTED_LSP) as client:
            await client.initialize()
            assert await client.bye() == 0
    assert server.connections == 0
