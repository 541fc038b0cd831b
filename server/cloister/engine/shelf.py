"""The models in memory: at most two, each reloaded when its file changes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import ModelError
from cloister.engine.messages import ModelSource
from cloister.engine.model_file import FileIdentity, check_model_file, file_identity
from cloister.engine.probe import available_bytes, worthwhile_threads

if TYPE_CHECKING:
    from cloister.engine.binding import Model

_MAX_MODELS = 2
_GIGABYTE = 1e9
# The weights are this much of loading; the context, which reports nothing, is the rest.
_WEIGHTS_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class _Place:
    """A model with what was verified about its file, and the threads that pay for it."""

    model: "Model"
    identity: FileIdentity
    sha256: str | None
    n_threads: int


class Shelf:
    """Loads models on demand and unloads the least recently used; for the worker thread only."""

    def __init__(self) -> None:
        # Ordered from least to most recently used.
        self._places: dict[str, _Place] = {}

    def take(self, source: ModelSource, on_loading: Callable[[float], None]) -> "Model":
        """Return the model, loading it first when needed.

        `on_loading` gets fractions from 0 to 1 and is not called when nothing is loaded. Raises
        ModelError when the file cannot be used.
        """
        place = self._places.pop(source.path, None)
        if place is None or not _is_current(place, source):
            if place is not None:
                place.model.close()
            place = self._load(source, on_loading)
        self._places[source.path] = place
        place.model.use_threads(source.n_threads or place.n_threads)
        return place.model

    def models(self) -> "tuple[Model, ...]":
        """Return the models in memory."""
        return tuple(place.model for place in self._places.values())

    def close(self) -> None:
        """Unload everything."""
        for place in self._places.values():
            place.model.close()
        self._places.clear()

    def _load(self, source: ModelSource, on_loading: Callable[[float], None]) -> _Place:
        path = Path(source.path)
        on_loading(0.0)
        identity = check_model_file(path, source.sha256, on_block=lambda: on_loading(0.0))
        _require_memory(path, identity.n_bytes)
        # Room is made first: two large models in memory may be one too many, three certainly are.
        while len(self._places) >= _MAX_MODELS:
            self._places.pop(next(iter(self._places))).model.close()
        # llama.cpp takes a moment to import, and the process is locked down only before it.
        from cloister.engine.binding import open_model

        n_threads = worthwhile_threads(identity.n_bytes)
        model = open_model(path, n_threads, lambda read: on_loading(min(read, _WEIGHTS_SHARE)))
        if file_identity(path) != identity:
            model.close()
            raise ModelError(f"The model file {path} changed while it was loaded; try again.")
        on_loading(1.0)
        return _Place(model, identity, source.sha256, n_threads)


def _require_memory(path: Path, n_bytes: int) -> None:
    available = available_bytes()
    if available is not None and n_bytes > available:
        raise ModelError(
            f"The model {path.name} needs {n_bytes / _GIGABYTE:.1f} GB of memory and "
            f"{available / _GIGABYTE:.1f} GB are free; choose a smaller model or free some memory."
        )


def _is_current(place: _Place, source: ModelSource) -> bool:
    return file_identity(Path(source.path)) == place.identity and source.sha256 in {
        None,
        place.sha256,
    }
