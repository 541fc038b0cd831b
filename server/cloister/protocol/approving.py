"""Asks the person before anything is sent: the exact bytes, to whom, whose text, and the price.

The preview is a file that only the user can read, shown by the editor while the question stands and
removed with the answer, or with the session. An editor that cannot ask sends nothing.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.features.escalation.approval import Choice, Preview
from cloister.features.escalation.preview import preview_text, summary
from cloister.protocol.showing import shows_documents, written

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_SHOW, _ONCE, _NO = "Show what is sent", "Send once", "Do not send"
_LONG = "Send, and allow this folder for 30 days"


async def approve(session: "Session", preview: Preview) -> Choice:
    """Return what the person says; no answer is a no."""
    titles = [_ONCE, *([_LONG] if preview.can_remember else []), _NO]
    if shows_documents(session.client.capabilities):
        titles.insert(0, _SHOW)
    with _file_of(preview) as path:
        while (chosen := await _asked(session, summary(preview), titles)) == _SHOW:
            await _shown(session, path)
            titles = [title for title in titles if title != _SHOW]
    return {_ONCE: Choice.ONCE, _LONG: Choice.FOR_A_WHILE}.get(chosen, Choice.NO)


async def _asked(session: "Session", question: str, titles: list[str]) -> str:
    answer = await asyncio.wrap_future(
        session.client.request(
            types.WINDOW_SHOW_MESSAGE_REQUEST,
            types.ShowMessageRequestParams(
                types.MessageType.Info, question, [types.MessageActionItem(it) for it in titles]
            ),
        )
    )
    return "" if answer is None else str(answer.title)


async def _shown(session: "Session", path: Path) -> None:
    await asyncio.wrap_future(
        session.client.request(
            types.WINDOW_SHOW_DOCUMENT, types.ShowDocumentParams(path.as_uri(), take_focus=False)
        )
    )


@contextmanager
def _file_of(preview: Preview) -> Iterator[Path]:
    path = written("cloister-preview-", ".txt", preview_text(preview))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
