"""The engine as it serves, with llama.cpp loaded and generating, tries to get out."""

import asyncio
import json
import os
import signal
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cloister.backends.local import EngineOptions, LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Chunk, Generation, GenerationRequest
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from support.engine_process import MODEL, infill
from support.locked_process import ALLOWED, script_environment

pytestmark = [
    pytest.mark.model,
    pytest.mark.sandbox,
    pytest.mark.usefixtures("engine_home"),
    pytest.mark.skipif(sys.platform != "linux", reason="these locks are those of Linux"),
]

RUN = """
from support.locked_process import *
{code}
from cloister.engine.process import run_engine
sys.exit(run_engine(60.0, require_isolation={require_isolation}, foreground=True))
"""

# On a signal, because what is tried must be tried in the engine, and by a thread that it locked.
TRY = """
import platform, signal, socket, threading
from cloister.engine.paths import engine_paths
from cloister.engine.sandbox.seccomp import _ARCHITECTURES

numbers = _ARCHITECTURES[platform.machine()]

def try_to_get_out(_number, _frame):
    libc = ctypes.CDLL(None)
    results = {
        "internet": attempt(lambda: system_call(numbers.socket, 2, 1, 0)),
        "internet 6": attempt(lambda: system_call(numbers.socket, 10, 2, 0)),
        "netlink": attempt(lambda: system_call(numbers.socket, 16, 3, 0)),
        "unix": attempt(lambda: system_call(numbers.socket, 1, 1, 0)),
        "io_uring": attempt(lambda: system_call(425, 1, 0)),
        "datagram pair": attempt(lambda: socket.socketpair(type=socket.SOCK_DGRAM)),
        "python": attempt(lambda: socket.socket(socket.AF_INET)),
        "python name": attempt(lambda: socket.getaddrinfo("localhost", 9)),
        "python module": attempt(lambda: __import__("http.client")),
        "python program": attempt(lambda: subprocess.run(["true"])),
        "memory of others": attempt(lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY)),
        "signal to others": attempt(lambda: os.kill(os.getppid(), 0)),
        "file of others": attempt(lambda: os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)),
        "new thread": [],
        # A shell that cannot be started counts as one that ended with 127.
        "program in C": os.waitstatus_to_exitcode(libc.system(b"true")),
        "file of its own": attempt(engine_paths().log.open("a").close),
        "file to read": attempt(Path(sys.executable).open("rb").close),
        "open event loop": attempt(lambda: socket.socketpair()),
    }
    thread = threading.Thread(target=lambda: results["new thread"].append(
        attempt(lambda: system_call(numbers.socket, 2, 1, 0))))
    thread.start()
    thread.join()
    print(json.dumps(results), flush=True)

signal.signal(signal.SIGUSR1, try_to_get_out)
"""

SUFFIX = "\n\n    def load(self):\n        return open(self.path)\n"
PREFIX = (
    "class Config:\n    def __init__(self, name, path):\n        self.name = name\n        self."
)


@asynccontextmanager
async def engine(
    code: str, *arguments: str, require_isolation: bool = False
) -> AsyncIterator[Process]:
    """Run an engine that begins with `code`, and whatever is left of it at the end no more."""
    script = RUN.format(code=code, require_isolation=require_isolation)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, *arguments),
        env=script_environment(),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: Process) -> Any:
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())


async def write(backend: LocalBackend, at_first: Any = lambda: None) -> Generation:
    chunks: list[Chunk] = []

    def take(chunk: Chunk) -> bool:
        chunks.append(chunk)
        if len(chunks) == 1:
            at_first()
        return False

    request = GenerationRequest(infill(PREFIX, SUFFIX), 16)
    return await backend.generate(request, take, CancelToken())


async def isolation() -> tuple[str, str]:
    """Return what the running engine reports."""
    client = await EngineClient.connect(engine_paths().socket)
    status = await client.status()
    await client.close()
    return status.isolation, status.isolation_reason


async def test_n04_nothing_gets_out_of_an_engine_that_generates(tmp_path: Path) -> None:
    async with engine(TRY, str(tmp_path / "stolen")) as process:
        assert (await said(process))["listening"] is True
        backend = LocalBackend(MODEL)
        await backend.describe()
        generation = await write(backend, lambda: os.kill(process.pid, signal.SIGUSR1))
        results = await said(process)
        assert generation.text == (await write(backend)).text == "path = path"
        assert await isolation() == ("kernel", "Held by Landlock, seccomp, audit hook.")
        await backend.close()
    for harmless in ("file of its own", "file to read", "open event loop"):
        assert results.pop(harmless) == ALLOWED
    assert results.pop("python module") == "ImportError"
    assert results.pop("signal to others") == "EPERM"
    assert results.pop("program in C") == 127
    assert results.pop("new thread") == ["EACCES"]
    assert set(results.values()) == {"EACCES"}, results
    assert not (tmp_path / "stolen").exists()


NO_SECCOMP = "refuse_system_calls(SECCOMP, LANDLOCK)\n"


async def test_n05_without_a_filter_it_serves_and_reports_what_is_left(tmp_path: Path) -> None:
    async with engine(NO_SECCOMP + TRY, str(tmp_path / "stolen")) as process:
        assert (await said(process))["listening"] is True
        backend = LocalBackend(MODEL)
        assert (await write(backend)).text == "path = path"
        level, reason = await isolation()
        assert level == "audit"
        assert "seccomp is not to be had: permission denied" in reason
        process.send_signal(signal.SIGUSR1)
        results = await said(process)
        assert results["internet"] == results["file of others"] == ALLOWED
        assert results["python"] == results["python program"] == "EACCES"
        await backend.close()


async def test_n05_it_does_not_start_where_isolation_is_required_and_not_to_be_had() -> None:
    async with engine(NO_SECCOMP, require_isolation=True) as process:
        report = await said(process)
        assert report["listening"] is False
        assert report["problem"].startswith("The kernel does not keep cloister off the network")
        assert "turn off `requireIsolation`" in report["problem"]
        assert await process.wait() == 1


async def test_an_engine_that_others_started_without_locks_gets_no_source_text() -> None:
    async with engine(NO_SECCOMP) as process:
        assert (await said(process))["listening"] is True
        demanding = LocalBackend(MODEL, options=EngineOptions(require_isolation=True))
        with pytest.raises(BackendUnavailableError, match="requireIsolation"):
            await write(demanding)
        await demanding.close()


async def test_where_isolation_is_to_be_had_requiring_it_changes_nothing() -> None:
    backend = LocalBackend(MODEL, options=EngineOptions(require_isolation=True))
    assert (await write(backend)).text == "path = path"
    assert (await isolation())[0] == "kernel"
    await backend.close()


# What jinja compiles has this name instead of a file's.
WATCH = """
import signal
compiled = []

def watch(event, arguments):
    if event == "compile" and arguments[1] == "<template>":
        compiled.append(arguments[1])

def tell(_number, _frame):
    before = len(compiled)
    import jinja2
    jinja2.Template("{{ 1 }}")
    print(json.dumps([before, len(compiled)]), flush=True)

sys.addaudithook(watch)
signal.signal(signal.SIGUSR1, tell)
"""


def with_template(template: str) -> bytes:
    """Return the bundled model with a chat template in its header."""
    data, key = MODEL.read_bytes(), b"tokenizer.chat_template"
    n_bytes = 8 + len(key) + 4 + 8
    # The weights stay aligned when the header grows by a multiple of 32.
    text = template.encode().ljust(-n_bytes % 32 + -(-len(template) // 32) * 32)
    entry = struct.pack(f"<Q{len(key)}sIQ", len(key), key, 8, len(text)) + text
    magic, version, n_tensors, n_entries = struct.unpack_from("<4sIQQ", data)
    head = struct.pack("<4sIQQ", magic, version, n_tensors, n_entries + 1)
    return head + entry + data[len(head) :]


async def test_e01_a_hostile_chat_template_is_never_rendered(tmp_path: Path) -> None:
    marker, path = tmp_path / "owned", tmp_path / "model.gguf"
    code = f"cycler.__init__.__globals__.os.open({str(marker)!r}, 65)"
    path.write_bytes(with_template(f"{{{{ {code} }}}}"))
    async with engine(WATCH) as process:
        assert (await said(process))["listening"] is True
        backend = LocalBackend(path)
        assert (await backend.describe()).chat_template is True
        assert (await write(backend)).text == "path = path"
        process.send_signal(signal.SIGUSR1)
        assert await said(process) == [0, 1]
        await backend.close()
    assert not marker.exists()
