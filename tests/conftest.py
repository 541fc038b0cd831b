"""What holds for every test: nobody's own settings are read, none are written, no clock judges."""

import os
import tempfile

from hypothesis import settings

_CONFIG = tempfile.TemporaryDirectory(prefix="cloister-config-")
_STATE = tempfile.TemporaryDirectory(prefix="cloister-state-")

# How long an example takes depends on what else the machine does.
settings.register_profile("cloister", deadline=None)
settings.load_profile("cloister")


def pytest_configure() -> None:
    # Before any module is imported, because some take the environment as it then is.
    os.environ["XDG_CONFIG_HOME"] = _CONFIG.name
    os.environ["XDG_STATE_HOME"] = _STATE.name


def pytest_unconfigure() -> None:
    _CONFIG.cleanup()
    _STATE.cleanup()
