"""The small real model that follows instructions; `scripts/dev.py test` fetches it."""

import os
from pathlib import Path

import pytest


def instruct_model() -> Path:
    """Return its file; where there is none the test is skipped, and fails with CI=true."""
    path = os.environ.get("CLOISTER_INSTRUCT_MODEL")
    if path is None:
        reason = "CLOISTER_INSTRUCT_MODEL names no file; scripts/dev.py test provides one"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return Path(path)
