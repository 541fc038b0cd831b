"""The speeds that were measured earlier, one small file per model and machine in the user's cache.

A cache and no more: a file that is missing, damaged or not writable costs a new measurement. The
engine may write there only if `speed_folder` was among what its sandbox was told to leave open.
"""

import hashlib
import json
import math
import platform
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import NamedTemporaryFile

from cloister.core.hardware import ModelSpeed, Placement
from cloister.engine.model_file import file_identity
from cloister.engine.probe import processor_name
from cloister.settings.user_folders import current_user_folders

_MOST_BYTES = 1000
_PRIVATE = 0o700


def speed_folder() -> Path:
    """Return the folder of all measured speeds."""
    return current_user_folders().cache / "cloister" / "speeds"


class SpeedCache:
    """The speed of one model file with so many threads and this placement on this machine."""

    def __init__(self, model_path: Path, n_threads: int, placement: Placement) -> None:
        identity = file_identity(model_path)
        facts = (*_machine(), identity and asdict(identity), n_threads, asdict(placement))
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        self.path = speed_folder() / f"{digest[:32]}.json"

    def recall(self) -> ModelSpeed | None:
        """Return the speed that was measured earlier; None when it is not known."""
        try:
            with self.path.open("rb") as file:
                speed = ModelSpeed(**json.loads(file.read(_MOST_BYTES)))
            return speed if all(map(_is_rate, asdict(speed).values())) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None

    def remember(self, speed: ModelSpeed | None) -> None:
        """Keep `speed` for later; nothing when it is None or cannot be written."""
        if speed is None:
            return
        # A full disk or a home that cannot be written to costs a new measurement next time.
        with suppress(OSError):
            self.path.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            _replace(self.path, json.dumps(asdict(speed)))


def _replace(path: Path, text: str) -> None:
    """Write so that a reader finds the old file or the new one, never half of one."""
    with NamedTemporaryFile("w", dir=path.parent, prefix="new-", delete=False) as file:
        try:
            file.write(text)
            file.close()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def _is_rate(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value) and value > 0


def _machine() -> tuple[str, ...]:
    """Return what distinguishes machines and builds that share a home directory."""
    return (platform.machine(), processor_name(), _llama_build())


def _llama_build() -> str:
    try:
        return version("llama-cpp-python")
    except PackageNotFoundError:
        return ""
