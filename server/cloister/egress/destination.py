"""Where a backend of the user's file is, and how its key travels: decided there, nowhere else."""

from dataclasses import dataclass
from pathlib import Path

from cloister.core.privacy import EndpointClass, Origin
from cloister.settings.backends import BackendSettings


@dataclass(frozen=True, slots=True)
class Destination:
    """The one place that a transport reaches: its addresses must all be of one of `classes`."""

    origin: Origin
    classes: frozenset[EndpointClass]
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A backend with its destination, and the header that takes its key: prefix and key."""

    settings: BackendSettings
    destination: Destination
    key_header: str
    key_prefix: str
