"""What may leave the machine, as values: levels, the layers that decide, text with provenance.

Nothing here reads a file or a clock; `policy/privacy.py` decides.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path


class Level(IntEnum):
    """How far text may go; the strictest of several is the lowest."""

    LOCAL_ONLY = 0
    ASK = 1
    ALLOW = 2

    @property
    def label(self) -> str:
        """The word in files and in output: `local-only`, `ask`, `allow`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def from_label(cls, label: str) -> "Level":
        """Return the level of that word; any other word is the strictest."""
        return next((level for level in cls if level.label == label), cls.LOCAL_ONLY)


class LayerKind(StrEnum):
    """Who speaks in a layer."""

    BUILT_IN = "built-in"
    ADMINISTRATOR = "administrator"
    USER = "user"
    ENVIRONMENT = "environment"
    EDITOR = "editor"
    REPOSITORY = "repository"
    DENIED_FILE = "denied file"
    RECORD = "record"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Layer:
    """One opinion: the highest level that its speaker permits, and the rule in words.

    `path` is the file that holds the rule, where there is one.
    """

    kind: LayerKind
    level: Level
    rule: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a file or a request: the strictest of its layers (never empty)."""

    layers: tuple[Layer, ...]

    @property
    def level(self) -> Level:
        """The effective level."""
        return self.decided_by.level

    @property
    def decided_by(self) -> Layer:
        """The first of the strictest layers."""
        return min(self.layers, key=lambda layer: layer.level)

    @property
    def denial(self) -> Layer | None:
        """The rule by which the file enters no prompt at all, not even a local one."""
        return next((layer for layer in self.layers if layer.kind is LayerKind.DENIED_FILE), None)


class EndpointClass(StrEnum):
    """How far away an answer comes from; everything but the engine leaves our processes."""

    ENGINE = "engine"
    LOOPBACK = "loopback"
    LAN = "lan"
    INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Origin:
    """The one place that a request may go to; `host` is lower case, `port` explicit."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Return `https://api.example:443`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """Text and where it came from: nothing without one of these may leave.

    `path` is absolute and as the editor named it, `real_path` has its links resolved. Lines count
    from 0 and the last one is included. `source` names what found the text.
    """

    path: Path
    real_path: Path
    first_line: int
    last_line: int
    text: str
    source: str

    @property
    def sha256(self) -> str:
        """The hash of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
