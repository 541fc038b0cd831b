"""`exit`: end the process."""

from cloister.protocol.session import Session


def handle(session: Session, _params: object) -> None:
    """Stop; the exit code says whether `shutdown` came before."""
    session.stop()
