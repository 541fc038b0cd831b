"""`shutdown`: stop working; only `exit` may follow."""

from cloister.protocol.lifecycle import Stage
from cloister.protocol.session import Session


def handle(session: Session, _params: object) -> None:
    """Refuse what comes from now on; work in progress ends with the session."""
    session.protocol.lifecycle.stage = Stage.SHUT_DOWN
