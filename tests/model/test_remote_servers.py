"""Real servers: llama-server, and llama-cpp-python's own; with the bundled model and a chat model.

llama-server is the one that `scripts/dev.py bench` builds; the other one needs the packages of
`llama-cpp-python[server]`. Where either is missing its tests are skipped.
"""

import asyncio
import importlib.metadata
import importlib.util
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, Snippet
from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError
from cloister.core.generation import Chunk, Finish, Generation
from cloister.core.text import Span
from cloister.egress.dialects import Chat, Question
from cloister.egress.messages import Purpose
from cloister.models.catalogue import BUNDLED
from cloister.observe.usage import Use
from cloister.settings.backends import parse_backend
from support.direct_link import DirectLink
from support.instruct_model import instruct_model
from support.routing import routing, typing, write_user_file
from support.whole_run import private_user

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
LLAMA_SERVER = (
    ROOT / ".dev/llama.cpp" / importlib.metadata.version("llama-cpp-python")
) / "build/bin/llama-server"
PACKAGES = ("fastapi", "uvicorn", "sse_starlette", "starlette_context", "pydantic_settings")
KEY = "sk-of-nobody"

BEFORE = "def add(first, second):\n    return "
CONTEXT = CompletionContext(
    "add.py",
    BEFORE,
    "\n\n\nprint(add(1, 2))\n",
    Span(0, len(BEFORE)),
    (
        Snippet(
            "other.py", 0, 0, "def subtract(first, second):\n    return first - second\n", "test"
        ),
    ),
)
CHAT = Chat((Message(Role.USER, "Hello"),), 8)

needs_llama_server = pytest.mark.skipif(
    not LLAMA_SERVER.is_file(), reason="llama-server is not built; scripts/dev.py bench builds it"
)
needs_python_server = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, PACKAGES)),
    reason="the packages of llama-cpp-python[server] are not installed",
)


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[str]:
    """Run a server on a free port of loopback; yields its URL once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = (*command, "--host", "127.0.0.1", "--port", str(port))
    process = await asyncio.create_subprocess_exec(
        *words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        said = b""
        while b"http://127.0.0.1" not in said:
            line = await process.stderr.readline()
            assert line, f"the server ended: {said[-500:]!r}"
            said += line
        # It must not wait for somebody who reads what else it has to say.
        draining = asyncio.ensure_future(process.stderr.read())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()
        await draining


def llama_server() -> tuple[str, ...]:
    sizes = ("-c", "1024", "-t", "1", "-np", "1")
    # The bundled model knows the text after the cursor first, and nothing else.
    names = ("-m", str(BUNDLED.path), "--alias", "cloister-starter", "--spm-infill")
    return (str(LLAMA_SERVER), *names, *sizes, "--api-key", KEY)


def python_server(model: Path = BUNDLED.path) -> tuple[str, ...]:
    words = ("--model", str(model), "--n_ctx", "1024", "--n_threads", "1")
    return (sys.executable, "-m", "llama_cpp.server", *words, "--api_key", KEY)


def remote(
    url: str, provider: str, key: str = KEY, uses: list[Use] | None = None, **more: object
) -> RemoteBackend:
    values = {"provider": provider, "model": "cloister-starter", "url": url, **more}
    link = DirectLink({"authorization": f"Bearer {key}"})
    return RemoteBackend(
        parse_backend("work", values), link, on_use=([] if uses is None else uses).append
    )


async def ask(backend: RemoteBackend, question: Question) -> Generation:
    draft = backend.drafting.draft(question, (), Purpose.TRIAL)
    return await backend.send(draft, lambda _chunk: False, CancelToken.after_ms(60_000))


async def complete(backend: RemoteBackend) -> Generation:
    return await ask(backend, backend.drafting.infill(CONTEXT, 24, ("\n",)))


@needs_llama_server
async def test_llama_server_does_all_that_is_said_of_it() -> None:
    uses: list[Use] = []
    async with running(*llama_server()) as url:
        infilling = remote(url, "llama-server", uses=uses)
        raw = remote(url, "llama-server", completion="raw")
        for backend in (infilling, infilling, raw):
            generation = await complete(backend)
            assert generation.text.startswith("first")
            assert generation.timings.generated_tokens > 0
        assert infilling.tells_confidence
        assert all(0 < chunk.probability < 1 for chunk in generation.chunks)
        assert (uses[0].estimated, uses[0].prompt_tokens > 20) == (False, True)
        # It keeps what it has read.
        assert uses[1].reused_tokens > 0
        assert (await ask(infilling, CHAT)).finish is Finish.LENGTH
        assert await infilling.models() == ("cloister-starter",)
        await refuses_a_wrong_key(remote(url, "llama-server", key="sk-wrong"))
        long = Chat((Message(Role.USER, "a b " * 2000),), 8)
        with pytest.raises(ModelError, match="too long for 'cloister-starter'"):
            await ask(infilling, long)


@needs_llama_server
async def test_llama_server_hears_that_nobody_waits() -> None:
    async with running(*llama_server()) as url:
        backend = remote(url, "llama-server", completion="raw")
        cancel = CancelToken.after_ms(60_000)

        def stop(_chunk: Chunk) -> bool:
            cancel.cancel()
            return False

        draft = backend.drafting.draft(backend.drafting.infill(CONTEXT, 900), (), Purpose.TRIAL)
        generation = await backend.send(draft, stop, cancel)
        assert generation.finish is Finish.CANCELLED
        # There is one place for requests, and it is free again.
        assert (await complete(backend)).text


@needs_python_server
async def test_the_server_of_llama_cpp_python_does_all_that_is_said_of_it() -> None:
    uses: list[Use] = []
    async with running(*python_server()) as url:
        raw = remote(url, "llama-cpp-python", uses=uses)
        assert (await complete(raw)).text.startswith("first")
        assert uses[0].estimated
        assert (await complete(remote(url, "llama-cpp-python", completion="suffix"))).text
        assert (await ask(raw, CHAT)).finish is Finish.LENGTH
        assert len(await raw.models()) == 1
        await refuses_a_wrong_key(remote(url, "llama-cpp-python", key="sk-wrong"))
        # It begins a stream before it looks at the prompt, and then says nothing.
        with pytest.raises(CloisterError, match="was cut off"):
            await ask(raw, raw.drafting.infill(CONTEXT_TOO_LONG, 8))


@needs_python_server
async def test_a_chat_model_behind_the_server_of_llama_cpp_python_ends_its_answer() -> None:
    uses: list[Use] = []
    async with running(*python_server(instruct_model())) as url:
        backend = remote(url, "llama-cpp-python", uses=uses)
        generation = await ask(backend, Chat((Message(Role.USER, "Say hello."),), 200))
    assert generation.finish is Finish.END
    assert generation.text.strip()
    assert "<|im_" not in generation.text
    assert 0 < uses[0].generated_tokens < 200


@needs_python_server
@pytest.mark.parametrize("way", ["raw", "suffix"])
async def test_the_server_of_llama_cpp_python_completes_while_somebody_types(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    rule = {"after": "return ", "text": "nothing", "probability": 0.25}
    async with running(*python_server()) as url:
        with private_user(monkeypatch) as home:
            (home / "key").write_text(KEY)
            (home / "key").chmod(0o600)
            key = f'key = "file"\nkey-file = "{home / "key"}"\ncompletion = "{way}"\n'
            write_user_file(home, url, routing(), more=key)
            file = home / "config" / "cloister" / "config.toml"
            text = file.read_text().replace('"vllm"', '"llama-cpp-python"')
            file.write_text(text.replace('"some-model"', '"cloister-starter"'))
            async with typing(home, home / "project", rule, source=BEFORE + "\n") as typist:
                place = (1, len("    return "))
                assert await typist.text(place) == "nothing"
                assert (await typist.ready())["source"] == "cloister-starter at 127.0.0.1"
                assert await typist.text(place) not in {"", "nothing"}


async def refuses_a_wrong_key(backend: RemoteBackend) -> None:
    with pytest.raises(BackendUnavailableError, match=r"refused the key \(401\)"):
        await ask(backend, CHAT)


CONTEXT_TOO_LONG = CompletionContext("a.py", "a b " * 2000, "\n", Span(0, 8000))
