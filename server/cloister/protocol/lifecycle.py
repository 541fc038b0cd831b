"""The life of a connection: what may be asked when, and when the process must end."""

import asyncio
import os
from enum import StrEnum

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcServerNotInitialized

PARENT_CHECK_S = 1.0


class Stage(StrEnum):
    """Where the connection is."""

    CREATED = "created"
    RUNNING = "running"
    SHUT_DOWN = "shut down"


class Lifecycle:
    """Advanced by the requests `initialize` and `shutdown`, asked before every message."""

    def __init__(self) -> None:
        self.stage = Stage.CREATED

    @property
    def exit_code(self) -> int:
        """0 when the editor said goodbye properly, 1 when it did not."""
        return 0 if self.stage is Stage.SHUT_DOWN else 1

    def refusal_of_request(self, method: str) -> JsonRpcException | None:
        """Return the error that answers a request which may not come now."""
        if self.stage is Stage.SHUT_DOWN:
            return JsonRpcInvalidRequest("The server is shutting down.")
        if self.stage is Stage.CREATED and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized("Send initialize first.")
        if self.stage is Stage.RUNNING and method == types.INITIALIZE:
            return JsonRpcInvalidRequest("The server is already initialized.")
        return None

    def accepts_notification(self, method: str) -> bool:
        """Return whether a notification is heard now; `exit` always is."""
        return method == types.EXIT or self.stage is Stage.RUNNING


async def process_ended(process_id: int) -> None:
    """Return when the process is gone; never, when it was not there to begin with.

    An editor outside our container has a process id that means nothing here; its end closes stdin.
    """
    if not _is_running(process_id):
        await asyncio.Future()
    while _is_running(process_id):  # noqa: ASYNC110  # another process sets no event of ours
        await asyncio.sleep(PARENT_CHECK_S)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
