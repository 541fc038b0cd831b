"""`initialized`: from now on the editor may be spoken to."""

from cloister.protocol.session import Session


def handle(session: Session, _params: object) -> None:
    """Begin to tell the editor about the model."""
    session.services.listen(session.show_loading)
