"""Why a request was not sent, or ended without its whole answer."""

from cloister.core.errors import BackendUnavailableError
from cloister.egress.messages import FailureKind, RefusalKind


class EgressRefusedError(BackendUnavailableError):
    """A check said no, and not one byte of the request left."""

    def __init__(self, kind: RefusalKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class EgressFailedError(BackendUnavailableError):
    """The request was allowed and something went wrong; parts of it may have arrived."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
