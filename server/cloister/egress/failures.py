"""What goes wrong on a connection, in one plain sentence each."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore2

from cloister.core.privacy import Origin
from cloister.egress.errors import EgressFailedError
from cloister.egress.messages import FailureKind


@contextmanager
def as_failure(origin: Origin) -> Iterator[None]:
    """Turn the errors of a connection into EgressFailedError."""
    try:
        yield
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
        raise _failure(origin, error) from error
    except ssl.SSLError as error:
        raise _failure(origin, httpcore2.ReadError(error)) from error


def _failure(origin: Origin, error: Exception) -> EgressFailedError:
    cause = _tls_error(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EgressFailedError(
            FailureKind.CERTIFICATE,
            f"{origin} does not prove who it is ({cause.verify_message.rstrip('.')}); "
            "for an authority of your own name its certificate as `ca-file`.",
        )
    if cause is not None:
        return EgressFailedError(
            FailureKind.CERTIFICATE, f"{origin} does not speak TLS as it should; check its `url`."
        )
    match error:
        case httpcore2.ConnectError() | httpcore2.ConnectTimeout():
            kind, what = FailureKind.UNREACHABLE, "cannot be reached; is it running?"
        case httpcore2.TimeoutException():
            kind, what = FailureKind.TIMEOUT, "did not answer in time; try again."
        case _:
            kind, what = FailureKind.BROKEN, "broke off or did not speak HTTP; try again."
    return EgressFailedError(kind, f"{origin} {what}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """Return the error of TLS that lies under an error of the libraries above it."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error
