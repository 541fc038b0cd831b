"""`initialize`: agree on encodings, learn about the editor, say what we can do."""

from lsprotocol import types

from cloister import __version__
from cloister.protocol.capabilities import negotiate_encoding, server_capabilities
from cloister.protocol.lifecycle import Stage
from cloister.protocol.session import Session


def handle(session: Session, params: types.InitializeParams) -> types.InitializeResult:
    """Open the session; synchronous, so that nothing can come in between."""
    session.client.capabilities = params.capabilities
    session.encoding = negotiate_encoding(params.capabilities)
    session.folders.add(_folder_uris(params))
    if params.process_id is not None:
        session.watch_parent(params.process_id)
    session.take_initialization_options(params.initialization_options)
    session.protocol.lifecycle.stage = Stage.RUNNING
    return types.InitializeResult(
        capabilities=server_capabilities(params.capabilities, session.encoding),
        server_info=types.ServerInfo(name="cloister", version=__version__),
    )


def _folder_uris(params: types.InitializeParams) -> list[str]:
    if params.workspace_folders:
        return [folder.uri for folder in params.workspace_folders]
    return [params.root_uri] if params.root_uri else []
