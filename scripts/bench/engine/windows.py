"""What a second editor window costs in memory: two real `cloister lsp`, one engine."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from bench.engine.recording import Keystroke
from cloister import __version__
from cloister.core.errors import BackendUnavailableError
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from cloister.settings.settings import Settings


async def second_window_bytes(settings: Settings, keys: Sequence[Keystroke]) -> int | None:
    """Return the resident bytes that a second window adds, with what the engine grows by.

    `keys` are one per window. None where the system is not Linux, which alone tells.
    """
    if sys.platform != "linux":
        return None
    options = {"model": settings.model, "engine": {"threads": settings.engine.threads}}
    first, second = (
        (Path(f"/bench/window{number}.py").as_uri(), key) for number, key in enumerate(keys)
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_window(options, *first))
        engine = await _engine_pid()
        before = _resident_bytes(engine)
        window = await stack.enter_async_context(_window(options, *second))
        return _resident_bytes(window) + _resident_bytes(engine) - before


@asynccontextmanager
async def _window(options: dict[str, object], uri: str, key: Keystroke) -> AsyncIterator[int]:
    """Open a window that has asked for one completion; yields the pid of its server."""
    client, problems = LanguageClient("cloister-bench", __version__), list[str]()

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def note(message: types.ShowMessageParams) -> None:
        problems.append(message.message)

    await client.start_io(str(Path(sys.executable).with_name("cloister")), "lsp")
    await client.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(), initialization_options=options
        )
    )
    client.initialized(types.InitializedParams())
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 0, key.text))
    )
    before = key.text[: key.offset]
    column = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
    await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            types.TextDocumentIdentifier(uri),
            types.Position(before.count("\n"), column),
        )
    )
    if problems:
        raise BackendUnavailableError(problems[0])
    yield client._server.pid  # noqa: SLF001  # pygls tells nobody which process it started
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


async def _engine_pid() -> int:
    client = await EngineClient.connect(engine_paths().socket)
    try:
        return (await client.status()).pid
    finally:
        await client.close()


def _resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
