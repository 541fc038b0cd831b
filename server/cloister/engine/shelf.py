"""The models in memory: as many as fit, each replaced when its file changes.

A model that somebody works with is never unloaded: when its file has changed it leaves the shelf at
once and memory with its last user. Everything here happens on the worker's thread.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from cloister.core.errors import ModelError
from cloister.engine.messages import ModelSource
from cloister.engine.model_file import FileIdentity, file_identity
from cloister.engine.probe import available_bytes

if TYPE_CHECKING:
    from cloister.engine.llama.model import Model

UNUSED_SECONDS = 30 * 60.0
"""How long a model may be unused before it is freed: a meeting, but not a night."""

_GIGABYTE = 1e9


@dataclass(slots=True)
class Place:
    """A model with what was verified about its file, what it takes, and who works with it.

    `source` is what it was loaded for; `last_use` is on the shelf's clock.
    """

    source: ModelSource
    model: "Model"
    identity: FileIdentity
    n_threads: int
    n_bytes: int
    n_users: int = 0
    last_use: float = 0.0


class Shelf:
    """Lends models; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        # Ordered from least to most recently used.
        self._places: dict[str, Place] = {}
        self._outdated: list[Place] = []

    def models(self) -> "tuple[Model, ...]":
        """Return the models in memory."""
        return tuple(place.model for place in self._places.values())

    def holds(self, source: ModelSource) -> bool:
        """Return whether the model is here, as its file is now; what is outdated leaves."""
        place = self._places.get(source.path)
        if place is not None and not _is_current(place, source):
            self._outdated.append(self._places.pop(source.path))
            self._close_outdated()
        return source.path in self._places

    @contextmanager
    def lend(self, source: ModelSource) -> "Iterator[Model | None]":
        """Keep the model in memory for the length of the block; None when it is not here."""
        if not self.holds(source):
            yield None
            return
        place = self._places.pop(source.path)
        self._places[source.path] = place
        place.model.use_threads(source.n_threads or place.n_threads)
        place.n_users += 1
        try:
            yield place.model
        finally:
            place.n_users -= 1
            place.last_use = self._clock()
            self._close_outdated()

    def make_room(self, name: str, n_bytes: int) -> bool:
        """Unload until a model of `n_bytes` fits; False while the models in use leave no room.

        Raises ModelError, with its `name`, when it would not fit even alone.
        """
        limit = _limit_bytes()
        if limit is None:
            return True
        if n_bytes > limit:
            raise ModelError(
                f"The model {name} needs {n_bytes / _GIGABYTE:.1f} GB of memory and "
                f"{limit / _GIGABYTE:.1f} GB are free; choose a smaller model or free some memory."
            )
        for place in [place for place in self._places.values() if not place.n_users]:
            if self._n_bytes() + n_bytes <= limit:
                break
            self._unload(place)
        return self._n_bytes() + n_bytes <= limit

    def put(self, place: Place) -> None:
        """Add a model that was just loaded."""
        place.last_use = self._clock()
        self._places[place.source.path] = place

    def unload_unused(self) -> float | None:
        """Free the models that were not used for long; return the seconds until the next one is.

        None when there are no models.
        """
        for place in list(self._places.values()):
            if self._seconds_left(place) <= 0:
                self._unload(place)
        return min(map(self._seconds_left, self._places.values()), default=None)

    def close(self) -> None:
        """Unload everything."""
        for place in list(self._places.values()):
            self._unload(place)

    def _unload(self, place: Place) -> None:
        del self._places[place.source.path]
        place.model.close()

    def _close_outdated(self) -> None:
        for place in [place for place in self._outdated if not place.n_users]:
            self._outdated.remove(place)
            place.model.close()

    def _n_bytes(self) -> int:
        return sum(place.n_bytes for place in (*self._places.values(), *self._outdated))

    def _seconds_left(self, place: Place) -> float:
        return place.last_use + UNUSED_SECONDS - self._clock()


def _is_current(place: Place, source: ModelSource) -> bool:
    is_verified = source.sha256 in {None, place.source.sha256}
    return is_verified and file_identity(Path(source.path)) == place.identity


def _limit_bytes() -> int | None:
    """Return the memory that all models together may take; None when the system does not say.

    Weights that are mapped from their files count as available although we use them; all other
    memory that we have is added, because some model's need accounts for it.
    """
    available = available_bytes()
    return None if available is None else available + _own_bytes()


def _own_bytes() -> int:
    """Return the memory of this process that no file stands behind; 0 where nobody says."""
    try:
        facts = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(facts.partition("RssAnon:")[2].split()[0]) * 1024
