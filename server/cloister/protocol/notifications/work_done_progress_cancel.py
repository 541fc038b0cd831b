"""`window/workDoneProgress/cancel`: somebody does not want to wait any more."""

from lsprotocol import types

from cloister.protocol.session import Session


def handle(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """End the work whose progress is shown, if it still goes on."""
    if (cancel := session.client.cancels.get(params.token)) is not None:
        cancel()
