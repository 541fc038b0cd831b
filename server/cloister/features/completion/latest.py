"""Only the newest request of a document matters; the one before it is told so.

Neovim does not cancel a request when it sends the next one, so the server must.
"""

from cloister.core.cancel import CancelToken


class LatestRequests:
    """Holds the token of the newest request of each document."""

    def __init__(self) -> None:
        self._tokens: dict[str, CancelToken] = {}

    def supersede(self, uri: str, deadline_ms: float) -> CancelToken:
        """Cancel the document's request in flight and return the token for a new one."""
        self.cancel(uri)
        token = self._tokens[uri] = CancelToken.after_ms(deadline_ms)
        return token

    def cancel_all(self) -> None:
        """Cancel every request in flight."""
        for uri in tuple(self._tokens):
            self.cancel(uri)

    def cancel(self, uri: str) -> None:
        """Cancel the document's request in flight, if there is one."""
        if (previous := self._tokens.pop(uri, None)) is not None:
            previous.cancel()
