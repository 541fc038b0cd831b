"""Asks the person what is to be done, in words.

For clients whose `initializationOptions` hold `"instructionRequests": true`: the request
`cloister/instruct {title}` asks for a line of text and is answered `{text}`, or null when the
person does not want anything after all.
"""

import asyncio
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcException

from cloister.protocol.extensions import INSTRUCT

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_MOST_CHARS = 4_000


async def instruction(session: "Session", title: str) -> str:
    """Return what the person wants, empty for nothing."""
    try:
        answer = await asyncio.wrap_future(session.client.request(INSTRUCT, {"title": title}))
    except JsonRpcException:
        return ""
    said = answer if isinstance(answer, dict) else getattr(answer, "_asdict", dict)()
    text = said.get("text")
    return text.strip()[:_MOST_CHARS] if isinstance(text, str) else ""
