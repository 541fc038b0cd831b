"""JSON-RPC as the specification wants it, on top of pygls: every request id gets one response.

What differs from pygls on purpose: the lifecycle is enforced, errors say nothing about contents
(neither to the editor nor to the log), nothing becomes a pop-up, and a response may come late.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
)
from pygls.protocol import JsonRPCProtocol
from pygls.server import JsonRPCServer

from cloister.protocol.extensions import INSTRUCT, PREFIX, RENAME
from cloister.protocol.lifecycle import Lifecycle

logger = logging.getLogger(__name__)

MessageId = int | str
Unreadable = Callable[[str, Any], None]


@dataclass(frozen=True)
class OwnNotification:
    """One of `extensions`: its handler reads the parameters, which may be anything.

    Without slots, because pygls writes what it sends from the object's dictionary.
    """

    method: str
    params: Any = None
    jsonrpc: str = JsonRPCProtocol.VERSION


class GuardedProtocol(JsonRPCProtocol):
    """Receives message bodies, and passes on only what is well-formed and may come now."""

    def __init__(self, server: JsonRPCServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.lifecycle = Lifecycle()
        self.on_unreadable: Unreadable = lambda _method, _params: None

    def receive(self, body: bytes) -> None:
        """Handle one message; never raises, whatever it holds."""
        try:
            # Editors pass on lone surrogates, which strict UTF-8 refuses.
            message = json.loads(body.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            self._refuse(None, JsonRpcParseError("The message is not JSON."))
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self._refuse(None, JsonRpcInvalidRequest("The message is not JSON-RPC 2.0."))
        elif isinstance(message.get("method"), str):
            if "id" in message:
                self._receive_request(message)
            else:
                self._receive_notification(message)
        elif "id" in message and "method" not in message:
            self._receive_response(message)
        else:
            self._refuse(None, JsonRpcInvalidRequest("The message has no method."))

    async def cancel_requests(self) -> None:
        """Cancel every request that is being worked on, and return when each is answered."""
        works: list[Any] = list(self._request_futures.values())
        tasks = [work for work in works if isinstance(work, asyncio.Task)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def get_message_type(self, method: str) -> type[Any] | None:
        """Return the type of the request or notification `method`."""
        is_own = method.startswith(PREFIX) and method not in {INSTRUCT, RENAME}
        own = OwnNotification if is_own else None
        return types.METHOD_TO_TYPES.get(method, (own, None))[0]

    def get_result_type(self, method: str) -> type[Any] | None:
        """Return the type of the response to `method`."""
        return types.METHOD_TO_TYPES.get(method, (None, None))[1]

    def _receive_request(self, message: dict[str, Any]) -> None:
        msg_id, method = message["id"], message["method"]
        if not isinstance(msg_id, int | str) or isinstance(msg_id, bool):
            self._refuse(None, JsonRpcInvalidRequest("The request's id is no number or string."))
        elif msg_id in self._request_futures:
            # The id's one response is the first request's.
            logger.warning("ignored a second request with an id that is in use: %s", method)
        elif refusal := self.lifecycle.refusal_of_request(method):
            self._refuse(msg_id, refusal)
        elif method not in self.fm.features or self.get_result_type(method) is None:
            # What is a notification has no result: its handler would leave the id unanswered.
            self._refuse(msg_id, JsonRpcMethodNotFound("This server has no such method."))
        else:
            try:
                self.handle_message(self.structure_message(message))
            except JsonRpcException as error:
                self._refuse(msg_id, error)

    def _receive_notification(self, message: dict[str, Any]) -> None:
        method = message["method"]
        if not self.lifecycle.accepts_notification(method):
            return
        if method != types.CANCEL_REQUEST and method not in self.fm.features:
            return
        try:
            notification = self.structure_message(message)
        except JsonRpcException:
            logger.warning("ignored an unreadable notification: %s", method)
            self.on_unreadable(method, message.get("params"))
        else:
            self.handle_message(notification)

    def _receive_response(self, message: dict[str, Any]) -> None:
        msg_id = message["id"]
        if not isinstance(msg_id, str) or msg_id not in self._result_types:
            logger.warning("ignored a response that nobody waits for")
            return
        try:
            self.handle_message(self.structure_message(message))
        except JsonRpcException:
            logger.warning("ignored an unreadable response")

    def _refuse(self, msg_id: MessageId | None, error: JsonRpcException) -> None:
        logger.debug("answered with error code %d", error.code)
        # Not lsprotocol's message type, which leaves out an id that is null.
        error_object = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": error_object})

    def _handle_cancel_notification(self, msg_id: object) -> None:
        # What cannot be an id may come here, and may have no hash.
        if not isinstance(msg_id, int | str):
            return
        # The request stays in flight until its handler has really ended and is answered.
        work: Any = self._request_futures.get(msg_id)
        if isinstance(work, asyncio.Task):
            work.cancel()

    def _send_handler_result(self, future: Future[Any], *, msg_id: MessageId) -> None:
        self._request_futures.pop(msg_id, None)
        try:
            if future.cancelled():
                self._refuse(msg_id, JsonRpcRequestCancelled())
            else:
                self._send_response(msg_id, result=future.result())
        except JsonRpcException as error:
            self._refuse(msg_id, error)
        except Exception as error:  # noqa: BLE001  # the id must be answered whatever broke
            logger.error("a request failed: %s", describe_failure(error))
            self._refuse(msg_id, JsonRpcInternalError("Something broke inside cloister."))

    def _send_data(self, data: Any) -> None:
        body = json.dumps(data, default=self._serialize_message, allow_nan=False).encode()
        if self.writer is not None:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


def describe_failure(error: BaseException) -> str:
    """Return where `error` was raised and its type: its message may hold source text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} in {code.co_qualname}, line {trace.tb_lineno}"
