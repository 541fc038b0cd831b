"""Logging set-up: to stderr, where editors keep it; lengths, counts and timings, never text."""

import logging
import sys

_LEVELS = {
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
}


def configure_logging(level: str) -> None:
    """Send cloister's own records of `level` and above to stderr.

    Other libraries stay silent: pygls, for one, logs message bodies, and those hold source text.
    """
    logger = logging.getLogger("cloister")
    logger.setLevel(_LEVELS[level])
    logger.propagate = False
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    logging.lastResort = None
