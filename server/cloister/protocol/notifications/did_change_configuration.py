"""`workspace/didChangeConfiguration`: new settings."""

from lsprotocol import types

from cloister.protocol.session import Session

SECTION = "cloister"


def handle(session: Session, params: types.DidChangeConfigurationParams) -> None:
    """Pass our section on; settings of other servers are none of our business."""
    if isinstance(params.settings, dict) and SECTION in params.settings:
        session.configure(params.settings[SECTION])
