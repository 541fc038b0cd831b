import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.generation import GenerationRequest
from cloister.core.hardware import Placement
from support.engine_process import MODEL, infill, stop_engine

pytestmark = pytest.mark.usefixtures("engine_home")

ON_PROCESSOR = Placement(layers=7)


def kept_speed(engine_home: Path) -> Path:
    (path,) = engine_home.rglob("speeds/*.json")
    return path


async def test_the_first_load_measures_the_speed_and_keeps_it(engine_home: Path) -> None:
    backend = LocalBackend(MODEL)
    assert (backend.speed, backend.placement) == (None, None)
    await backend.describe()
    assert backend.placement == ON_PROCESSOR
    assert backend.speed is not None
    kept = json.loads(kept_speed(engine_home).read_text())
    assert kept["decode_tokens_per_second"] > 0
    await backend.close()


async def test_a_later_engine_begins_with_the_speed_that_was_kept(engine_home: Path) -> None:
    first = LocalBackend(MODEL)
    await first.describe()
    await first.close()
    await stop_engine()
    kept_speed(engine_home).write_text(
        '{"prefill_tokens_per_second": 123.5, "decode_tokens_per_second": 45.5}'
    )
    second = LocalBackend(MODEL)
    await second.describe()
    assert second.speed is not None
    assert second.speed.prefill_tokens_per_second == 123.5
    await second.close()


async def test_real_evaluations_change_the_speed() -> None:
    backend = LocalBackend(MODEL)
    await backend.describe()
    probed = backend.speed
    # More single tokens than are remembered, and a prompt that repeats nothing to be guessed from.
    text = "".join(f"name_{i} = {i * 7919 % 1000}\n" for i in range(40))
    for i in range(40):
        request = GenerationRequest(infill(f"{text}{i * 31}", "\n"), max_tokens=2)
        await backend.generate(request, lambda _chunk: False, CancelToken())
    assert backend.speed is not None
    assert backend.speed != probed
    await backend.close()


async def test_the_probe_leaves_nothing_in_the_cache() -> None:
    backend = LocalBackend(MODEL)
    await backend.describe()
    request = GenerationRequest(infill("import os\nimport ", "\n"), max_tokens=1)
    generation = await backend.generate(request, lambda _chunk: False, CancelToken())
    assert generation.timings.reused_tokens == 0
    await backend.close()


async def test_status_tells_where_a_model_runs_and_how_fast() -> None:
    backend = LocalBackend(MODEL)
    await backend.describe()
    command = [sys.executable, "-m", "cloister", "engine", "status"]
    status = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=True
    )
    assert "  models     cloister-starter-v0 on the processor; reads " in status.stdout
    await backend.close()
