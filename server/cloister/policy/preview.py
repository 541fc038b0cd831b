"""What a person is shown before anything is sent: the very bytes, with nothing hidden in them."""

from cloister.core.invisible import shown


def payload_text(body: bytes) -> str:
    """Return a request's body as text; bytes that are no text and unseen characters as escapes."""
    return shown(body.decode("utf-8", "backslashreplace"))
