"""The two kinds of process that lock themselves, and what each must still be able to do."""

from enum import StrEnum


class Role(StrEnum):
    """The front-end starts the engine and connects to it; the engine only accepts connections."""

    FRONT_END = "front-end"
    ENGINE = "engine"
