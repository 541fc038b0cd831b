"""`initialized`: from now on the editor may be spoken to."""

from cloister.protocol.elsewhere import follow_services
from cloister.protocol.session import Session


def handle(session: Session, _params: object) -> None:
    """Begin to use the user's settings file, and to tell the editor about the model and indexes."""
    session.services.follow_user_file(session.show_problems)
    session.services.listen(session.show_loading)
    follow_services(session)
    if session.services.workspaces is not None:
        session.services.workspaces.listen(session.show_indexing)
