"""The session that a proof watches: a project is indexed, opened, typed in, and closed again."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cloister.core.errors import ProtocolError
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from cloister.features.proof.evidence import Run
from cloister.settings.repository_file import REPOSITORY_FILE_NAME

N_FILES = 40
SERVICE = "somewhere"
_KEY_VARIABLE = "CLOISTER_KEY_OF_THE_PROOF"
_USER_FILE = f"""
[privacy]
level = "allow"
[backends.{SERVICE}]
provider = "vllm"
url = "https://203.0.113.80"
model = "any"
key = "environment"
key-environment = "{_KEY_VARIABLE}"
"""
_TYPED = "listdir(path)"
_SOURCE = "import os\nimport sys\n\n\ndef main(path: str) -> None:\n    for name in os."
_OPTIONS = {"engine": {"idleSeconds": 0}, "completion": {"minConfidence": 0}}
_CLOISTER = (sys.executable, "-P", "-m", "cloister")
_MOST_MESSAGE_BYTES = 2**24


def write_project(folder: Path) -> None:
    """Write a small repository that says of itself that nothing may leave it."""
    folder.mkdir()
    (folder / REPOSITORY_FILE_NAME).write_text("version = 1\nlocal-only = true\n", encoding="utf-8")
    for number in range(N_FILES - 1):
        text = f"import os\n\n\ndef task_{number}(path):\n    return len(os.listdir(path))\n"
        (folder / f"task_{number}.py").write_text(text, encoding="utf-8")
    (folder / "main.py").write_text(_SOURCE, encoding="utf-8")


def write_user_file(config: Path) -> None:
    """Write the settings of a user who set up a service and permits it everywhere else."""
    (config / "cloister").mkdir(mode=0o700)
    (config / "cloister" / "config.toml").write_text(_USER_FILE, encoding="utf-8")


async def run_session(
    project: Path, watched_by: Sequence[str], environment: Mapping[str, str]
) -> Run:
    """Run everything behind the command `watched_by`; raises ProtocolError when it breaks off."""
    environment = {**environment, _KEY_VARIABLE: "a key of nobody"}
    indexed_files = await _index(project, watched_by, environment)
    is_refused = await _is_refused(project, watched_by, environment)
    log = project.with_suffix(".log")
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(*watched_by, *_CLOISTER, "lsp"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=file,
            env=environment,
            limit=_MOST_MESSAGE_BYTES,
        )
    editor = _Editor(process)
    try:
        answers = await _type(editor, project)
        isolation = {"front-end": await _front_end(editor), "engine": await _engine()}
        await editor.request("shutdown", None)
        editor.notify("exit", None)
        exit_code = await process.wait()
    except asyncio.IncompleteReadError as error:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
        raise ProtocolError(f"The server of the proof ended too early. {''.join(last)}") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    n_suggestions = sum(map(bool, answers))
    return Run(indexed_files, len(answers), n_suggestions, is_refused, exit_code, isolation)


async def _index(project: Path, watched_by: Sequence[str], environment: Mapping[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(
        *(*watched_by, *_CLOISTER, "index", "--json", str(project)),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
    )
    told, _ = await process.communicate()
    try:
        return int(json.loads(told)["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError("The index of the proof's project could not be made.") from error


async def _is_refused(
    project: Path, watched_by: Sequence[str], environment: Mapping[str, str]
) -> bool:
    """Return whether trying the service in the project is refused by the name of its rule."""
    process = await asyncio.create_subprocess_exec(
        *(*watched_by, *_CLOISTER, "backend", "test", SERVICE),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        cwd=project,
        env=environment,
    )
    _, said = await process.communicate()
    return process.returncode == 1 and REPOSITORY_FILE_NAME.encode() in said


async def _type(editor: "_Editor", project: Path) -> list[str]:
    """Open a file, type letter by letter and ask for what can be done; returns what was offered."""
    uri = (project / "main.py").as_uri()
    folders = [{"uri": project.as_uri(), "name": project.name}]
    await editor.request(
        "initialize",
        {
            "processId": None,
            "rootUri": project.as_uri(),
            "workspaceFolders": folders,
            "capabilities": {},
            "initializationOptions": _OPTIONS,
        },
    )
    editor.notify("initialized", {})
    document = {"uri": uri, "languageId": "python", "version": 0, "text": _SOURCE}
    editor.notify("textDocument/didOpen", {"textDocument": document})
    line, start = _SOURCE.count("\n"), len(_SOURCE) - _SOURCE.rfind("\n") - 1
    offered = []
    for version, letter in enumerate(_TYPED, 1):
        place = {"line": line, "character": start + version - 1}
        change = {"range": {"start": place, "end": place}, "text": letter}
        editor.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
        )
        asked = {
            "textDocument": {"uri": uri},
            "position": {"line": line, "character": start + version},
            "context": {"triggerKind": 2},
        }
        items = (await editor.request("textDocument/inlineCompletion", asked) or {}).get("items")
        offered.append(items[0]["insertText"] if items else "")
    whole_line = {"start": {"line": line, "character": 0}, "end": place}
    actions = {"textDocument": {"uri": uri}, "range": whole_line, "context": {"diagnostics": []}}
    await editor.request("textDocument/codeAction", actions)
    editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    return offered


async def _front_end(editor: "_Editor") -> str:
    told = await editor.request("workspace/executeCommand", {"command": "cloister.status"})
    return f"{told['isolation']}: {told['isolation_reason']}" if told else "not known"


async def _engine() -> str:
    try:
        client = await EngineClient.connect(engine_paths().socket)
    except OSError:
        return "not running"
    try:
        status = await client.status()
    finally:
        await client.close()
    return f"{status.isolation}: {status.isolation_reason}"


class _Editor:
    """The editor's end of the pipes: asks one thing at a time."""

    def __init__(self, process: Process) -> None:
        self._stdin, self._stdout = process.stdin, process.stdout
        self._last_id = 0

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        """Return the result, None for an error; raises IncompleteReadError at the end."""
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        while (message := await self._read()).get("id") != self._last_id or "method" in message:
            if "id" in message:
                self._send({"id": message["id"], "result": None})
        return message.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        if self._stdin is not None:
            self._stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _read(self) -> dict[str, Any]:
        if self._stdout is None:
            raise asyncio.IncompleteReadError(b"", None)
        header = await self._stdout.readuntil(b"\r\n\r\n")
        n_bytes = int(header.partition(b":")[2].split()[0])
        message: dict[str, Any] = json.loads(await self._stdout.readexactly(n_bytes))
        return message
