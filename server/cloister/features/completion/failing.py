"""What is said about a completion that failed: a sentence for people, and a place for the log."""

import logging

from cloister.core.errors import CloisterError

_LOGGER = logging.getLogger(__name__)


def explained(error: Exception) -> str:
    """Return what to say about a failure; one that nobody foresaw is logged."""
    if isinstance(error, CloisterError):
        return str(error)
    _LOGGER.error("completion failed: %s", _place_of(error))
    return f"An internal error ({type(error).__name__}); the log says where."


def _place_of(error: BaseException) -> str:
    """Return the error's type and where it was raised; its message could hold source text."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} in {' > '.join(frames[-4:])}"
