"""The kinds of process that lock themselves, and what each must still be able to do."""

from enum import StrEnum


class Role(StrEnum):
    """The front-end starts others and connects to the engine, which only accepts connections.

    The indexer reads sources and writes its index; it may make copies of itself, which have its
    locks. The egress process connects to anywhere, and neither listens nor starts a program.
    Two kinds are held on Linux only, by `programs.py`: a builder starts programs, for example a
    compiler; what it built is a program that has threads and no children.
    """

    FRONT_END = "front-end"
    ENGINE = "engine"
    INDEXER = "indexer"
    EGRESS = "egress"
    BUILDER = "builder"
    PROGRAM = "program"
