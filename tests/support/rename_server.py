"""A small real language server that renames words: the peer of ours in an editor.

It changes every whole word of the document like the one at the place, and refuses the name
`forbidden`. Run as a program.
"""

import re

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

server = LanguageServer("renames-words", "1")


@server.feature(types.TEXT_DOCUMENT_RENAME)
def rename(ls: LanguageServer, params: types.RenameParams) -> types.WorkspaceEdit:
    """Return the edits that rename the word at a place."""
    if params.new_name == "forbidden":
        raise JsonRpcInvalidParams("That name is forbidden.")
    uri = params.text_document.uri
    document = ls.workspace.get_text_document(uri)
    word = document.word_at_position(params.position)
    places = [
        types.Range(types.Position(number, found.start()), types.Position(number, found.end()))
        for number, line in enumerate(document.lines)
        for found in re.finditer(rf"\b{re.escape(word)}\b", line)
    ]
    told = document.position_codec.range_to_client_units
    edits = [types.TextEdit(told(document.lines, it), params.new_name) for it in places]
    return types.WorkspaceEdit(changes={uri: edits})


if __name__ == "__main__":
    server.start_io()
