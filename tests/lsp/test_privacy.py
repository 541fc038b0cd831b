"""Source text stays out of the log and out of error messages, at every log level."""

import json
from pathlib import Path

from support.lsp_client import SCRIPTED_SESSION, running

CANARY = "c4n4ry_in_the_code_mine"
URI = "file:///a.py"


async def test_no_source_text_in_the_log_or_in_an_error() -> None:
    async with running() as client:
        options = {"wrong": True, "key": CANARY}
        await client.initialize(
            capabilities={"window": {"workDoneProgress": True}},
            initializationOptions=options,
            nonsense={"text": CANARY},
        )
        create = await client.message("window/workDoneProgress/create")
        error = {"code": -32603, "message": CANARY, "data": CANARY}
        client.send({"jsonrpc": "2.0", "id": create["id"], "error": error})
        client.open(URI, f"{CANARY}\n{CANARY} crash\n{CANARY} hold")
        client.insert(URI, 2, 0, 0, CANARY)
        await client.completed(URI, 0, 5)
        await client.completed(URI, 1, 1000)
        waiting = client.complete(URI, 2, 1000)
        client.notify("$/cancelRequest", {"id": waiting})
        client.insert(URI, 1, 0, 0, CANARY)
        client.change(URI, 3, [{"range": CANARY, "text": CANARY}])
        client.notify("textDocument/didOpen", {"textDocument": {"text": CANARY}})
        client.notify(CANARY, {"text": CANARY})
        client.notify("workspace/didChangeConfiguration", {"settings": {"cloister": CANARY}})
        for params in (
            {"command": CANARY},
            {"command": "cloister.accepted", "arguments": [{"a": CANARY}]},
        ):
            await client.request("workspace/executeCommand", params)
        await client.request("textDocument/inlineCompletion", {"textDocument": CANARY})
        await client.request(CANARY, {"text": CANARY})
        client.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(CANARY), CANARY.encode()))
        client.send({"jsonrpc": "2.0", "id": CANARY, "result": CANARY})
        assert await client.bye() == 0
        log = client.stderr()
        assert "DEBUG" in log
        assert "completion failed: RuntimeError" in log
        assert CANARY not in log
        refusals = [m for ms in client.responses.values() for m in ms if "error" in m]
        assert len(refusals) >= 5
        assert CANARY not in json.dumps(refusals)


async def test_what_a_library_prints_does_not_reach_the_editor(tmp_path: Path) -> None:
    program = tmp_path / "printing.py"
    folder = str(Path(SCRIPTED_SESSION[1]).parent)
    program.write_text(
        "import os, subprocess, sys\n"
        f"sys.path.insert(0, {folder!r})\n"
        "from scripted_session import main, ObedientCompletion\n"
        "from cloister.core.text import Text\n"
        "class Loud(ObedientCompletion):\n"
        "    def supersede(self, uri):\n"
        "        print('loud print', flush=True)\n"
        "        os.write(1, b'loud write')\n"
        "        subprocess.run(['sh', '-c', 'echo loud child; cat'], check=True)\n"
        "        return super().supersede(uri)\n"
        "import scripted_session\n"
        "scripted_session.ObedientCompletion = Loud\n"
        "sys.exit(main())\n",
        encoding="utf-8",
    )
    async with running([SCRIPTED_SESSION[0], str(program)]) as client:
        await client.initialize()
        client.open(URI, "x")
        assert await client.completed(URI, 0, 1) != ""
        assert await client.bye() == 0
        log = client.stderr()
        assert all(loud in log for loud in ("loud print", "loud write", "loud child"))
