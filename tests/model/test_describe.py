"""Everybody who asks for the model at the same time waits for one loading."""

import asyncio

import pytest

from cloister.backends.local import LocalBackend
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from support.engine_process import MODEL, private_engine

pytestmark = pytest.mark.model


async def test_many_who_ask_at_once_are_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async with private_engine(monkeypatch):
        backend = LocalBackend(MODEL)
        descriptions = await asyncio.gather(*(backend.describe() for _ in range(40)))
        assert {description.name for description in descriptions} == {"cloister-starter-v0"}
        client = await EngineClient.connect(engine_paths().socket, hang_seconds=2.0)
        assert (await client.status()).finished_requests == 1
        await client.close()
        await backend.close()


async def test_one_who_gives_up_does_not_end_the_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    async with private_engine(monkeypatch):
        backend = LocalBackend(MODEL)
        hasty = asyncio.ensure_future(backend.describe())
        patient = asyncio.ensure_future(backend.describe())
        await asyncio.sleep(0)
        hasty.cancel()
        assert (await patient).name == "cloister-starter-v0"
        await backend.close()
