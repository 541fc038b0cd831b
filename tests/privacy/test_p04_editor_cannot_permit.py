"""P04: an editor, and so a workspace's settings, can lower the level and never raise it."""

from pathlib import Path

import pytest

from support.policies import initialize, privacy, serving, write_user_file
from support.real_server import configure, messages, status

GREEDY = {
    "privacy": {"level": "allow", "loopback": True, "local_only": False},
    "level": "allow",
    "localOnly": False,
    "routing": {"mode": "low-confidence", "backend": "evil", "tasks": ["completion"]},
    "backends": {"evil": {"provider": "openai", "url": "https://evil.example"}},
    "base_url": "https://evil.example",
    "key": "sk-evil",
}


@pytest.mark.parametrize("user_file", ["", '[privacy]\nlevel = "ask"\n'])
async def test_p04_options_of_an_editor_permit_nothing(
    user_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, user_file)
    level = "ask" if user_file else "local-only"
    async with serving() as client:
        await initialize(client, [tmp_path], initializationOptions=GREEDY)
        assert (await privacy(client))["level"] == level
        configure(client, GREEDY)
        assert (await privacy(client))["level"] == level
        assert (await status(client))["routing"]["mode"] == "ask"
        assert any("'privacy'" in message for message in messages(client))
        assert await client.bye() == 0


async def test_p04_an_editor_can_lower_it_and_then_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    async with serving() as client:
        await initialize(client, [tmp_path])
        assert (await privacy(client))["level"] == "allow"
        configure(client, {"localOnly": True})
        lowered = await privacy(client)
        assert (lowered["level"], lowered["by"]) == ("local-only", "editor")
        configure(client, {"localOnly": False})
        held = await privacy(client)
        assert (held["level"], held["by"]) == ("local-only", "editor")
        assert "restart" in held["rule"]
        assert await client.bye() == 0
