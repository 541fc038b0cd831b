"""P07: a branch without the mark opens nothing: not now, not after a restart, not by accident."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich.repo import Repo

from support.policies import (
    LOCAL_ONLY,
    cloister,
    initialize,
    mark,
    privacy,
    serving,
    write_user_file,
)
from support.repositories import commit


async def level(folder: Path) -> str:
    """Return the level that a server which starts now reports."""
    async with serving() as client:
        await initialize(client, [folder])
        reported = (await privacy(client))["level"]
        assert await client.bye() == 0
        return reported


async def test_p07_another_branch_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    root = tmp_path / "repository"
    with Repo.init(str(root), mkdir=True) as repo:
        commit(repo, {"a.py": "one = 1\n", ".cloister.toml": LOCAL_ONLY}, 1)
        async with serving() as client:
            await initialize(client, [root])
            assert (await privacy(client))["by"] == "repository"
            commit(repo, {".cloister.toml": None}, 2)
            held = await privacy(client)
            assert (held["level"], held["by"]) == ("local-only", "record")
            assert await client.bye() == 0
    assert await level(root) == "local-only"
    left = cloister("policy", "leave", str(root))
    assert left.returncode == 0, left.stderr
    assert await level(root) == "allow"
    log = tmp_path / "state" / "cloister" / "audit" / "audit.jsonl"
    (record,) = map(json.loads, log.read_text().splitlines())
    assert (record["event"], record["folder"]) == ("policy", str(root))
    assert datetime.fromisoformat(record["ts"]) <= datetime.now(UTC)


async def test_p07_leaving_counts_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    path = mark(tmp_path / "repository")
    async with serving() as client:
        await initialize(client, [path.parent])
        assert (await privacy(client))["level"] == "local-only"
        path.unlink()
        assert cloister("policy", "leave", str(path.parent)).returncode == 0
        assert (await privacy(client))["level"] == "local-only"
        assert await client.bye() == 0


def test_p07_a_folder_that_is_still_marked_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, "")
    path = mark(tmp_path / "repository")
    assert cloister("policy", "check", str(path.parent)).returncode == 0
    refused = cloister("policy", "leave", str(path.parent))
    assert refused.returncode == 1
    assert refused.stderr == f"cloister: {path} still says so; change it first.\n"
    assert not (tmp_path / "state" / "cloister" / "audit").exists()


def test_p07_what_cannot_be_audited_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    path = mark(tmp_path / "repository")
    cloister("policy", "check", str(path.parent))
    path.unlink()
    (tmp_path / "state" / "cloister" / "audit").write_text("no folder")
    assert cloister("policy", "leave", str(path.parent)).returncode == 1
    said = json.loads(cloister("policy", "check", str(path.parent), "--json").stdout)
    assert said["level"] == "local-only"
