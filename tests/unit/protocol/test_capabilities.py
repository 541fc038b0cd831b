"""What the server says it can do, and the encoding it agrees on."""

import pytest
from inline_snapshot import snapshot
from lsprotocol import types
from lsprotocol.converters import get_converter
from lsprotocol.types import PositionEncodingKind

from cloister.protocol.capabilities import negotiate_encoding, server_capabilities

GHOST_TEXT = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        inline_completion=types.InlineCompletionClientCapabilities()
    )
)


def test_everything_is_registered_statically() -> None:
    capabilities = server_capabilities(GHOST_TEXT, PositionEncodingKind.Utf8)
    assert get_converter().unstructure(capabilities) == snapshot(
        {
            "positionEncoding": "utf-8",
            "textDocumentSync": {"openClose": True, "change": 2, "save": True},
            "codeActionProvider": {
                "codeActionKinds": ["explain", "quickfix", "refactor", "source"],
                "resolveProvider": True,
            },
            "executeCommandProvider": {
                "commands": [
                    "cloister.accepted",
                    "cloister.status",
                    "cloister.showContext",
                    "cloister.act",
                    "cloister.clearReview",
                    "cloister.commitMessage",
                ],
                "workDoneProgress": True,
            },
            "inlineCompletionProvider": {},
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        }
    )


def test_only_clients_without_ghost_text_get_a_menu() -> None:
    plain = server_capabilities(types.ClientCapabilities(), PositionEncodingKind.Utf16)
    assert plain.completion_provider is not None
    ghost = server_capabilities(GHOST_TEXT, PositionEncodingKind.Utf16)
    assert ghost.completion_provider is None


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-7"], "utf-16"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-8", "utf-16"], "utf-8"),
        ([PositionEncodingKind.Utf8], "utf-8"),
    ],
)
def test_the_first_known_encoding_of_the_client_is_agreed_on(
    offered: list[str] | None, agreed: str
) -> None:
    general = types.GeneralClientCapabilities(position_encodings=offered)
    for client in (
        types.ClientCapabilities(general=general),
        get_converter().structure(
            {"general": {"positionEncodings": offered}}, types.ClientCapabilities
        ),
    ):
        assert negotiate_encoding(client).value == agreed
