from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.engine_process import private_engine


@pytest.fixture
async def engine_home(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """Give the test an engine of its own, started when needed and ended afterwards."""
    async with private_engine(monkeypatch) as folder:
        yield folder
