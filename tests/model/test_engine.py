"""The real engine process with the real model, through the backend that editors use."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.backends.local import EngineOptions, LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import ModelError
from cloister.core.generation import Chunk, Finish, Generation, GenerationRequest
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from support.engine_process import MODEL, MODEL_SHA256, engine_pid, exit_of, infill

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

PREFIX = """class Config:
    def __init__(self, name, path):
        self.name = name
        self."""
SUFFIX = "\n\n    def load(self):\n        return open(self.path)\n"
CANARY = "zq_canary_in_source_text"


def request(prefix: str = PREFIX, max_tokens: int = 16) -> GenerationRequest:
    return GenerationRequest(infill(prefix, SUFFIX), max_tokens)


def more(_chunk: Chunk) -> bool:
    return False


async def write(backend: LocalBackend, prefix: str = PREFIX) -> Generation:
    return await backend.generate(request(prefix), more, CancelToken())


async def test_a_completion_from_nothing() -> None:
    fractions: list[float] = []
    backend = LocalBackend(MODEL, MODEL_SHA256, on_loading=fractions.append)
    generation = await write(backend)
    assert generation.text == "path = path"
    assert generation.finish is Finish.END
    assert 0 < generation.timings.first_token_ms <= generation.timings.total_ms
    assert generation.timings.evaluated_tokens == generation.timings.prompt_tokens
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert fractions == sorted(fractions)
    await backend.close()


async def test_describing_and_counting() -> None:
    backend = LocalBackend(MODEL)
    description = await backend.describe()
    assert description.name == "cloister-starter-v0"
    assert await backend.describe() is description
    assert await backend.count_tokens(["", "import os", "import os import os"]) == [0, 2, 4]
    assert await backend.count_tokens([]) == []
    await backend.close()


async def test_typing_costs_two_tokens_per_keystroke_everywhere() -> None:
    backend = LocalBackend(MODEL)
    first = await write(backend)
    evaluated = [
        (await write(backend, PREFIX + "path"[:end])).timings.evaluated_tokens
        for end in range(1, 5)
    ]
    assert first.timings.evaluated_tokens == first.timings.prompt_tokens
    assert evaluated == [2, 2, 2, 2]
    await backend.close()


async def test_two_windows_that_start_together_share_one_engine() -> None:
    backends = [LocalBackend(MODEL) for _ in range(3)]
    descriptions = await asyncio.gather(*(backend.describe() for backend in backends))
    assert len({description.path for description in descriptions}) == 1
    texts = await asyncio.gather(*(write(backend) for backend in backends))
    assert {generation.text for generation in texts} == {"path = path"}
    assert engine_paths().log.read_text().count("started; isolation") == 1
    client = await EngineClient.connect(engine_paths().socket)
    status = await client.status()
    assert status.clients == 4
    assert len(status.models) == 1
    await client.close()
    for backend in backends:
        await backend.close()


async def test_enough_ends_at_once_with_the_counts_of_the_prompt() -> None:
    backend = LocalBackend(MODEL)
    generation = await backend.generate(request(), lambda _chunk: True, CancelToken())
    assert generation.finish is Finish.ENOUGH
    assert generation.text == "path"
    timings = generation.timings
    assert timings.prompt_tokens == timings.evaluated_tokens > 0
    assert timings.generated_tokens == 1
    await backend.close()


async def test_a_token_that_is_already_cancelled_starts_nothing() -> None:
    backend = LocalBackend(MODEL)
    cancel = CancelToken()
    cancel.cancel()
    assert (await backend.generate(request(), more, cancel)).finish is Finish.CANCELLED
    expired = CancelToken(deadline=0.0)
    assert (await backend.generate(request(), more, expired)).finish is Finish.DEADLINE
    assert not engine_paths().socket.exists()
    await backend.close()


async def test_cancelling_from_the_first_chunk_keeps_what_was_written() -> None:
    backend = LocalBackend(MODEL)
    cancel = CancelToken()

    def cancel_now(_chunk: Chunk) -> bool:
        cancel.cancel()
        return False

    generation = await backend.generate(request(), cancel_now, cancel)
    assert generation.finish is Finish.CANCELLED
    assert generation.text.startswith("path")
    assert (await write(backend)).text == "path = path"
    await backend.close()


async def test_many_cancelled_requests_leave_nothing_behind() -> None:
    backend = LocalBackend(MODEL)
    await backend.describe()
    tokens = [CancelToken() for _ in range(100)]
    writing = [asyncio.create_task(backend.generate(request(), more, token)) for token in tokens]
    await asyncio.sleep(0)
    for token in tokens:
        token.cancel()
    generations = await asyncio.gather(*writing)
    assert {generation.finish for generation in generations} == {Finish.CANCELLED}
    assert (await write(backend)).text == "path = path"
    client = await EngineClient.connect(engine_paths().socket)
    status = await client.status()
    assert status.waiting_requests == 0
    assert status.generated_tokens < 100
    await client.close()
    await backend.close()


async def test_cancelling_the_task_tells_the_engine() -> None:
    backend = LocalBackend(MODEL)
    await backend.describe()
    started = asyncio.Event()

    def note(_chunk: Chunk) -> bool:
        started.set()
        return False

    writing = asyncio.create_task(backend.generate(request(), note, CancelToken()))
    await started.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert (await write(backend)).text == "path = path"
    await backend.close()


async def test_a_prompt_too_long_for_the_model_is_one_sentence() -> None:
    backend = LocalBackend(MODEL)
    with pytest.raises(ModelError, match="shrink the context"):
        await write(backend, "x = 1\n" * 1000)
    assert (await write(backend)).text == "path = path"
    await backend.close()


async def test_a_replaced_file_is_loaded_again(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    shutil.copy(MODEL, path)
    fractions: list[float] = []
    backend = LocalBackend(path, on_loading=fractions.append)
    await write(backend)
    fractions.clear()
    await write(backend)
    assert fractions == []
    shutil.copy(MODEL, tmp_path / "new")
    (tmp_path / "new").replace(path)
    assert (await write(backend)).text == "path = path"
    assert fractions[-1] == 1.0
    path.write_bytes(b"not a model any more")
    with pytest.raises(ModelError, match="not a usable GGUF"):
        await write(backend)
    await backend.close()


async def test_models_that_fit_stay_in_memory(tmp_path: Path) -> None:
    names = ["a.gguf", "b.gguf", "c.gguf"]
    for name in names:
        shutil.copy(MODEL, tmp_path / name)
    fractions: list[float] = []
    backends = [LocalBackend(tmp_path / name, on_loading=fractions.append) for name in names]
    for backend in (*backends, backends[0]):
        assert (await write(backend)).text == "path = path"
    client = await EngineClient.connect(engine_paths().socket)
    loaded = [Path(model.path).name for model in (await client.status()).models]
    assert sorted(loaded) == names
    assert fractions.count(1.0) == 3
    await client.close()
    for backend in backends:
        await backend.close()


async def test_it_ends_after_its_last_client_and_leaves_no_socket() -> None:
    backend = LocalBackend(MODEL, options=EngineOptions(idle_seconds=0))
    await backend.describe()
    pid = await engine_pid()
    await backend.close()
    await exit_of(pid)
    assert not engine_paths().socket.exists()


async def test_a_window_that_opens_while_the_engine_ends_gets_the_next_one() -> None:
    for _ in range(5):
        backend = LocalBackend(MODEL, options=EngineOptions(idle_seconds=0))
        assert (await backend.describe()).name == "cloister-starter-v0"
        await backend.close()


async def test_everything_it_makes_is_private_and_free_of_source_text() -> None:
    backend = LocalBackend(MODEL)
    await write(backend, f"{CANARY} = {PREFIX}")
    paths = engine_paths()
    assert stat.S_IMODE(paths.directory.stat().st_mode) == 0o700
    for path in (paths.socket, paths.instance_lock, paths.launch_lock, paths.log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await backend.close()
    assert CANARY not in paths.log.read_text()


@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a Linux facility")
async def test_it_is_locked_up_and_says_so() -> None:
    backend = LocalBackend(MODEL)
    await write(backend)
    client = await EngineClient.connect(engine_paths().socket)
    status = await client.status()
    process = Path(f"/proc/{status.pid}")
    facts = (process / "status").read_text()
    assert status.isolation == "kernel"
    assert "Seccomp:\t2\n" in facts
    assert "NoNewPrivs:\t1\n" in facts
    core_limits = (process / "limits").read_text().partition("Max core file size")[2]
    assert core_limits.split()[:2] == ["0", "0"]
    await client.close()
    await backend.close()


@pytest.mark.sandbox
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="only root on Linux may look into a process that hides its memory",
)
async def test_nothing_of_the_editor_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_API_KEY", CANARY)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    backend = LocalBackend(MODEL)
    await write(backend)
    process = Path(f"/proc/{await engine_pid()}")
    environment = (process / "environ").read_bytes().decode().split("\0")
    assert not [item for item in environment if CANARY in item or "PROXY" in item]
    assert (process / "cwd").readlink() == Path("/")
    families = {line.split()[0] for line in _sockets_of(process)}
    assert families == {"unix"}
    await backend.close()


def _sockets_of(process: Path) -> list[str]:
    """Return `family inode` for every socket that the process holds."""
    held = {str(link.readlink()) for link in (process / "fd").iterdir()}
    inodes = {name[8:-1] for name in held if name.startswith("socket:[")}
    found = []
    for family in ("unix", "tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        table = process / "net" / family
        if table.exists():
            words = {word for line in table.read_text().splitlines() for word in line.split()}
            found += [f"{family} {inode}" for inode in inodes & words]
    assert len(found) == len(inodes)
    return found


@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a Linux facility")
async def test_a_front_end_under_its_own_filter_can_start_it() -> None:
    code = f"""
import asyncio
from pathlib import Path
from cloister.backends.local import EngineOptions, LocalBackend
from cloister.engine.paths import engine_paths
from cloister.engine.sandbox import lock_front_end
assert lock_front_end(engine_paths().directory).level == "kernel"
async def main():
    backend = LocalBackend(Path({str(MODEL)!r}), options=EngineOptions(idle_seconds=0))
    print((await backend.describe()).name)
    await backend.close()
asyncio.run(main())
"""
    output = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert output.stdout == "cloister-starter-v0\n"
    assert output.stderr == ""
