"""Nonsense on the wire: every request gets one answer, the server lives or says why it does not."""

import json
from typing import Any

import pytest

from support.lsp_client import frame, running

URI = "file:///a.py"
PARSE_ERROR, INVALID_REQUEST = -32700, -32600
METHOD_NOT_FOUND, INVALID_PARAMS = -32601, -32602


WITHOUT_A_USABLE_ID = [
    (b"", PARSE_ERROR),
    (b"{", PARSE_ERROR),
    (b"\xff\xfe{}", PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "\xe9"}', PARSE_ERROR),
    (b"[" * 200_000 + b"]" * 200_000, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "method": "x", "id": ' + b"1" * 5000 + b"}", PARSE_ERROR),
    (b"[]", INVALID_REQUEST),
    (b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]', INVALID_REQUEST),
    (b"null", INVALID_REQUEST),
    (b"{}", INVALID_REQUEST),
    (b'{"id": 1, "method": "shutdown"}', INVALID_REQUEST),
    (b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0"}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": 5}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": 5, "id": 1}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": "shutdown", "id": null}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": "shutdown", "id": true}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": "shutdown", "id": 1.5}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": "shutdown", "id": [1]}', INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "method": "shutdown", "id": {}}', INVALID_REQUEST),
]


async def test_l01_messages_without_a_usable_id_are_refused_without_one() -> None:
    async with running() as client:
        await client.initialize()
        for count, (body, code) in enumerate(WITHOUT_A_USABLE_ID, 1):
            client.send_raw(frame(body))
            answer = await client.response(None, count)
            assert answer["error"]["code"] == code, body[:80]
        assert await client.alive()
        assert len(client.responses[None]) == len(WITHOUT_A_USABLE_ID)
        assert client.all_of("window/showMessage") == []


async def test_unreadable_parameters_are_refused() -> None:
    lines: list[Any] = [-1, float("nan"), 1e400, 2**70, None, [], {}, "x"]
    positions = [{"line": line, "character": 0} for line in lines]
    wrong: list[Any] = [
        None,
        [],
        5,
        "x",
        {},
        {"textDocument": {"uri": 5}, "position": positions[0]},
    ]
    wrong += [{"textDocument": {"uri": URI}, "position": position} for position in positions]
    async with running() as client:
        await client.initialize()
        for params in wrong:
            context = {"context": {"triggerKind": 2}}
            completed = params | context if isinstance(params, dict) else params
            answer = await client.request("textDocument/inlineCompletion", completed)
            assert answer["error"]["code"] == INVALID_PARAMS, params
        assert await client.alive()
        assert client.all_of("window/showMessage") == []


async def test_every_legal_id_comes_back_as_it_was() -> None:
    ids = [0, -1, 2**63, 10**4000, "", "1", "é💥", "\ud83d", "x" * 100_000]
    async with running() as client:
        await client.initialize()
        for message_id in ids:
            # Unescaped, so that the lone surrogate comes as the bytes that strict UTF-8 refuses.
            request = {"jsonrpc": "2.0", "id": message_id, "method": "$/unknown"}
            body = json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass")
            client.send_raw(frame(body))
            answer = await client.response(message_id)
            assert answer["error"]["code"] == METHOD_NOT_FOUND


async def test_l01_an_id_in_use_gets_one_response() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hold")
        params = {
            "textDocument": {"uri": URI},
            "position": {"line": 0, "character": 4},
            "context": {"triggerKind": 2},
        }
        request = {"jsonrpc": "2.0", "id": "twice", "params": params}
        for _ in range(2):
            client.send(request | {"method": "textDocument/inlineCompletion"})
        client.notify("$/cancelRequest", {"id": "twice"})
        assert (await client.response("twice"))["error"]["code"] == -32800
        assert await client.alive()
        assert len(client.responses["twice"]) == 1
        # The id is free again.
        client.send(request | {"method": "shutdown"})
        assert (await client.response("twice", 2))["result"] is None


NONSENSE: list[dict[str, Any]] = [
    {"id": "unknown", "result": None},
    {"id": 5, "result": {"a": 1}},
    {"id": [], "result": 1},
    {"id": None, "error": {"code": -32600, "message": ""}},
    {"id": "unknown", "error": "no error"},
    {"method": "$/cancelRequest", "params": {"id": "unknown"}},
    {"method": "$/cancelRequest", "params": {}},
    {"method": "$/cancelRequest"},
    {"method": "textDocument/didOpen", "params": None},
    {"method": "textDocument/didClose", "params": {"textDocument": {"uri": "never opened"}}},
    {"method": "workspace/didChangeConfiguration", "params": {"settings": None}},
    {"method": "workspace/didChangeConfiguration", "params": {"settings": [1]}},
    {"method": "workspace/didChangeWorkspaceFolders", "params": {"event": {}}},
    {"method": "cloister/didView"},
    {"method": "cloister/didView", "params": [1]},
    {"method": "cloister/didView", "params": {"uri": 1, "firstLine": "a", "lastLine": None}},
    {"method": "cloister/didCopy", "params": {"text": {}}},
    {"method": "cloister/didDiagnose", "params": {"uri": "", "diagnostics": [1, {}]}},
    {"method": "initialized", "params": {"jsonrpc": "2.0", "id": 1, "method": "exit"}},
]


async def test_other_nonsense_is_ignored() -> None:
    async with running() as client:
        await client.initialize()
        for message in NONSENSE:
            client.send({"jsonrpc": "2.0"} | message)
            assert await client.alive(), message
        assert client.all_of("window/showMessage") == []
        assert None not in client.responses


async def test_a_notification_that_comes_as_a_request_is_refused() -> None:
    async with running() as client:
        await client.initialize()
        for method in ("textDocument/didClose", "textDocument/didSave", "cloister/didView"):
            params = {"textDocument": {"uri": URI}}
            assert (await client.request(method, params))["error"]["code"] == METHOD_NOT_FOUND


async def test_a_response_to_a_request_that_is_being_worked_on_is_ignored() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hold")
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 4}}
        request = {"jsonrpc": "2.0", "id": "waiting", "method": "textDocument/completion"}
        client.send(request | {"params": params})
        client.send({"jsonrpc": "2.0", "id": "waiting", "result": "from the wrong side"})
        client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert (await client.response("waiting"))["result"]["items"] == []
        assert await client.alive()


async def test_an_answer_is_taken_once() -> None:
    async with running() as client:
        await client.initialize(capabilities={"window": {"workDoneProgress": True}})
        create = await client.message("window/workDoneProgress/create")
        for _ in range(3):
            client.send({"jsonrpc": "2.0", "id": create["id"], "result": None})
        assert (await client.message("$/progress"))["params"]["value"]["kind"] == "begin"
        assert await client.alive()


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"Content-Length: 99999999999999\r\n\r\n", "larger than 64 MiB"),
        (b"Content-Length: 67108865\r\n\r\n{", "larger than 64 MiB"),
        (b"GET / HTTP/1.1 " * 1000, "does not speak the language server protocol"),
    ],
)
async def test_l01_a_stream_that_cannot_be_followed_ends_with_a_reason(
    stream: bytes, reason: str
) -> None:
    async with running() as client:
        await client.initialize()
        client.send_raw(stream)
        assert await client.ended() == 1
        assert reason in client.stderr()


async def test_l01_headers_are_read_in_any_spelling_and_any_pieces() -> None:
    headers = [
        b"content-length:%d\r\n\r\n",
        b"CONTENT-LENGTH : %d\n\n",
        b"X: y\r\nContent-Length: %d\r\n\r\n",
    ]
    async with running() as client:
        await client.initialize()
        for number, header in enumerate(headers, 100):
            body = b'{"jsonrpc": "2.0", "id": %d, "method": "$/unknown"}' % number
            for byte in header % len(body) + body:
                client.send_raw(bytes([byte]))
                await client.drained()
            answer = await client.response(number)
            assert answer["error"]["code"] == METHOD_NOT_FOUND
