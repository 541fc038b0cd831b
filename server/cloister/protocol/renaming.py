"""Has another language server rename, through the client, which knows all of them.

For clients whose `initializationOptions` hold `"renameRequests": true`: the request
`cloister/rename {textDocument: {uri, version}, position, name, newName}` asks the client to have
the name that begins at a place of this version changed wherever it is known. It answers
`{done: true}`, or `{done: false}` with a `reason` if somebody gave one, and then nothing changed.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.invisible import shown
from cloister.features.editing.task import NewName
from cloister.protocol import to_lsp
from cloister.protocol.extensions import RENAME

if TYPE_CHECKING:
    from cloister.protocol.session import Session

LONGEST_S = 60.0
"""Large projects take long; nothing else is tried afterwards, because the edit may still come."""
_MOST_REASON_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whether others have renamed; if not, why."""

    done: bool
    reason: str = ""


async def renamed(
    session: "Session", document: DocumentSnapshot, new: NewName
) -> tuple[TextEdit, ...]:
    """Return the edits that rename; none when another language server has done it.

    Raises CloisterError when nobody can.
    """
    answer = _Answer(done=False)
    if session.client.renames:
        answer = await _asked(session, document, new)
    if answer.done:
        return ()
    if new.edits:
        return new.edits
    reason = f" ({answer.reason})" if answer.reason else ""
    raise CloisterError(
        f"“{new.name}” would be a better name, but no language server renames it here{reason}; "
        "install one for this language, or rename by hand."
    )


async def _asked(session: "Session", document: DocumentSnapshot, new: NewName) -> _Answer:
    place = to_lsp.lsp_range(document.text, new.span, session.encoding).start
    params = {
        "textDocument": {"uri": document.uri, "version": document.version},
        "position": {"line": place.line, "character": place.character},
        "name": document.text.value[new.span.start : new.span.end],
        "newName": new.name,
    }
    try:
        asked = asyncio.wrap_future(session.client.request(RENAME, params))
        return _read(await asyncio.wait_for(asked, LONGEST_S))
    except TimeoutError as error:
        raise CloisterError(
            f"No language server has renamed it to “{new.name}” in time; look what it did."
        ) from error
    except JsonRpcException as error:
        return _read({"reason": error.message})


def _read(answer: Any) -> _Answer:
    """Read what a client answers; whatever else it may be, nothing was done."""
    said = answer if isinstance(answer, dict) else getattr(answer, "_asdict", dict)()
    done, reason = said.get("done"), said.get("reason")
    words = " ".join(shown(reason).split()) if isinstance(reason, str) else ""
    return _Answer(done is True, words[:_MOST_REASON_CHARS])
