"""Holds a program that nobody has read, and the compiler that makes it, as the engine is held.

Written for Linux; elsewhere everything raises. Starting programs stays possible, and so nothing but
the kernel holds: they write below one folder, reach no network and no process outside, and what was
built starts no other.
"""

from pathlib import Path

from cloister.engine.sandbox.landlock import restrict_to
from cloister.engine.sandbox.limits import hide_memory, stand_back
from cloister.engine.sandbox.role import Role
from cloister.engine.sandbox.seccomp import install_filter


def lock_builder(folder: Path) -> None:
    """Leave this process and its children writing below `folder`, and starting programs.

    Raises OSError when the kernel does not hold it.
    """
    stand_back()
    hide_memory()
    restrict_to([folder])
    install_filter(Role.BUILDER)


def forbid_children() -> None:
    """Leave this process threads and other programs in its own place; raises OSError."""
    install_filter(Role.PROGRAM)
