"""Plays the same keystrokes into llama-server's `/infill`, as the editor plugins of llama.cpp do.

The window is theirs (256 lines before the cursor's, 64 after), prompts are cached and chunks
reused, and answers stream. The server listens on a unix socket, so nothing opens a port.
"""

import http.client
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.engine.cost import ANSWER_TOKENS, Cost, Visit
from bench.engine.recording import Keystroke
from bench.gguf_writer import read_metadata
from development.terminal import SetupError

LINES_BEFORE = 256
LINES_AFTER = 64

# The plugins' presets; the server cuts prefix and suffix to three quarters and one of the batch.
_BATCH_TOKENS = 1024
_CONTEXT_TOKENS = 8192
_REUSED_CHUNK_TOKENS = 256
_START_SECONDS = 300.0
_POLL_SECONDS = 0.1


def replay_with_peer(
    server: Path, model: Path, threads: int, visits: Sequence[Visit]
) -> list[Cost]:
    """Return the cost of each keystroke; the server is warm from one request before.

    `threads` 0 leaves the number to the server. Raises SetupError when it does not start.
    """
    with _running(server, model, threads) as address:
        _infill(address, visits[0].keystroke)
        return [_infill(address, visit.keystroke) for visit in visits]


def window(key: Keystroke) -> dict[str, str]:
    """Return the document around the cursor as the plugins cut it."""
    before, after = key.text[: key.offset], key.text[key.offset :]
    above, line_break, typed = before.rpartition("\n")
    return {
        "input_prefix": "".join(f"{above}{line_break}".splitlines(keepends=True)[-LINES_BEFORE:]),
        "prompt": typed,
        "input_suffix": "".join(after.splitlines(keepends=True)[: LINES_AFTER + 1]),
    }


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket, whose path is given in place of the host."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.host)


@contextmanager
def _running(server: Path, model: Path, threads: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        address, log = f"{folder}/peer.sock", Path(folder, "log")
        command = [str(server), "--model", str(model), "--host", address, *_options(model)]
        if threads:
            command += ["--threads", str(threads)]
        with (
            log.open("w") as output,
            subprocess.Popen(command, stdout=output, stderr=output) as process,
        ):
            try:
                _wait_until_ready(process, address, log)
                yield address
            finally:
                process.terminate()


def _options(model: Path) -> list[str]:
    metadata = read_metadata(model, "")
    architecture = metadata["general.architecture"].data[8:].decode()
    trained = int.from_bytes(metadata[f"{architecture}.context_length"].data, "little")
    # A window and an answer have to fit in what the model was trained for.
    batch = str(min(_BATCH_TOKENS, trained // 2))
    numbers = {"ctx": _CONTEXT_TOKENS, "batch": batch, "ubatch": batch}
    sizes = [word for name, n in numbers.items() for word in (f"--{name}-size", str(n))]
    return [*sizes, "--cache-reuse", str(_REUSED_CHUNK_TOKENS)]


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError):
            connection = _UnixConnection(address)
            connection.request("GET", "/health")
            if connection.getresponse().status == http.client.OK:
                return
        time.sleep(_POLL_SECONDS)
    last = log.read_text(errors="replace").splitlines()[-1:]
    raise SetupError(f"llama-server did not start ({' '.join(last)}); try another with --peer.")


def _infill(address: str, key: Keystroke) -> Cost:
    body: dict[str, Any] = {
        **window(key),
        "n_predict": ANSWER_TOKENS,
        "temperature": 0.0,
        "samplers": ["temperature"],
        "cache_prompt": True,
        "stream": True,
    }
    started = time.perf_counter()
    connection = _UnixConnection(address)
    connection.request("POST", "/infill", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    first_token_ms, event = 0.0, {}
    for line in response:
        if line.startswith(b"data: "):
            first_token_ms = first_token_ms or 1000 * (time.perf_counter() - started)
            event = json.loads(line.removeprefix(b"data: "))
    connection.close()
    if "timings" not in event:
        raise SetupError(f"llama-server gave no answer (HTTP {response.status}).")
    evaluated = event["timings"]["prompt_n"]
    return Cost(first_token_ms, evaluated + event["timings"].get("cache_n", 0), evaluated)
