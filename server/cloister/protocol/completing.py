"""What the protocol needs of the completion feature."""

from typing import Protocol

from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.outcome import Outcome
from cloister.core.request import CompletionRequest
from cloister.core.suggestion import Suggestion
from cloister.features.completion.telling import Told


class CompletionResult(Protocol):
    """What a completion ended with."""

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What to offer, best first."""

    @property
    def outcome(self) -> Outcome:
        """Why there is something, or nothing."""


class Completion(Protocol):
    """The completion feature."""

    async def complete(self, request: CompletionRequest, cancel: CancelToken) -> CompletionResult:
        """Complete, and return at once when `cancel` is cancelled; never raises an error."""

    def supersede(self, uri: str) -> CancelToken:
        """Cancel the document's running request and return the token for the next one."""

    def edited(self, uri: str) -> None:
        """Take note that a document has another text."""

    def forget(self, uri: str) -> None:
        """Cancel the document's running request and forget what was shown in it."""

    def prepare(self) -> None:
        """Get ready in the background, so that the first request need not wait."""

    def viewed(self, document: DocumentSnapshot) -> None:
        """Take note that somebody turns to a document."""

    async def tell(self, request: CompletionRequest) -> Told:
        """Return what the model is told at a place; raises CloisterError without a model."""
