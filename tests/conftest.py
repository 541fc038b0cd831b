"""What holds for every test: nobody's own settings are read, and none are written."""

import os
import tempfile

_CONFIG = tempfile.TemporaryDirectory(prefix="cloister-config-")


def pytest_configure() -> None:
    # Before any module is imported, because some take the environment as it then is.
    os.environ["XDG_CONFIG_HOME"] = _CONFIG.name


def pytest_unconfigure() -> None:
    _CONFIG.cleanup()
