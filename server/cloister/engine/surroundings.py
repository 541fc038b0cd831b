"""What a client has sent of a document's surroundings: the same text need not travel again.

Both ends remember the last of a few documents. The engine remembers more, so that it has what the
client leaves out; should it have none all the same, the answer copies from its prompt alone.
"""

from collections import OrderedDict
from dataclasses import replace

from cloister.core.generation import Surroundings
from cloister.engine.messages import Generate

CLIENT_DOCUMENTS = 4
"""How many documents a client remembers."""

ENGINE_DOCUMENTS = 8 * CLIENT_DOCUMENTS
"""How many documents the engine remembers, of all clients together."""


class KnownSurroundings:
    """The last surroundings of the documents that were asked about most recently."""

    def __init__(self, most_documents: int) -> None:
        self._most_documents = most_documents
        self._known: OrderedDict[tuple[int, str], Surroundings] = OrderedDict()

    def shortened(self, request: Generate) -> Generate:
        """Return a request without what was sent before."""
        if request.surroundings is None:
            return request
        key = 0, request.document
        is_known = self._known.get(key) == request.surroundings
        self._remember(key, request.surroundings)
        return replace(request, surroundings=None) if is_known else request

    def completed(self, client: int, request: Generate) -> Generate:
        """Return a request as the client meant it."""
        if not request.copies:
            return request
        key = client, request.document
        surroundings = request.surroundings or self._known.get(key) or Surroundings()
        self._remember(key, surroundings)
        return replace(request, surroundings=surroundings)

    def forget(self, client: int) -> None:
        """Forget everything that a client has sent."""
        for key in [key for key in self._known if key[0] == client]:
            del self._known[key]

    def _remember(self, key: tuple[int, str], surroundings: Surroundings) -> None:
        self._known[key] = surroundings
        self._known.move_to_end(key)
        if len(self._known) > self._most_documents:
            self._known.popitem(last=False)
