"""Landlock: a process writes only where its own files are, and reaches no process outside.

It holds for the calling thread and the threads that it starts, so it is set before there are any.
Reading stays free, because models lie anywhere. It also refuses what seccomp refuses already, TCP,
and sockets and signals to other processes, as far as the kernel knows how (Linux 5.13, 6.7, 6.12).
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from cloister.engine.sandbox.linux import give_up_new_privileges, system_call
from cloister.engine.sandbox.role import Role


def restrict_to(directories: Iterable[Path], role: Role = Role.ENGINE) -> None:
    """Allow changes to files only below `directories`, and to devices that compute.

    The egress process keeps its connections, also those to unix sockets without a file.

    Raises OSError when the kernel has no Landlock.
    """
    version = system_call(_CREATE_RULESET, None, ctypes.c_size_t(0), _CREATE_RULESET_VERSION)
    changes = _CHANGES & ((1 << _KNOWN_FILE_RIGHTS[min(version, _NEWEST)]) - 1)
    ruleset = _new_ruleset(version, changes, role)
    try:
        for path in (*directories, *_devices()):
            _allow(ruleset, path, changes if path.is_dir() else changes & _FILE_CHANGES)
        give_up_new_privileges()
        system_call(_RESTRICT_SELF, ctypes.c_int(ruleset), 0)
    finally:
        os.close(ruleset)


# These numbers are the same on all architectures.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_BIND_TCP, _CONNECT_TCP = 0b01, 0b10
_ABSTRACT_SOCKETS, _SIGNALS = 0b01, 0b10
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6

_WRITE_FILE = 1 << 1
_TRUNCATE = 1 << 14
_FILE_CHANGES = _WRITE_FILE | _TRUNCATE
# Rights 4 to 13 remove, make and link; reading and executing (0, 2, 3) stay free.
_CHANGES = _FILE_CHANGES | (0b1111111111 << 4)
# How many rights over files each version knows: linking across directories came with the second,
# truncating with the third.
_KNOWN_FILE_RIGHTS = {1: 13, 2: 14, 3: 15}
_NEWEST = 3

_DEVICES = ("null", "zero", "dri", "kfd", "dxg", "shm")


def _new_ruleset(version: int, changes: int, role: Role) -> int:
    connects = role is Role.EGRESS
    network = _BIND_TCP if connects else _BIND_TCP | _CONNECT_TCP
    scopes = _SIGNALS if connects else _SIGNALS | _ABSTRACT_SOCKETS
    network = network if version >= _NETWORK_SINCE else 0
    scopes = scopes if version >= _SCOPES_SINCE else 0
    # struct landlock_ruleset_attr; an older kernel takes the longer one when the rest is zero.
    attributes = struct.pack("QQQ", changes, network, scopes)
    return system_call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)


def _devices() -> list[Path]:
    """Return what drivers of GPUs write to; `shm` is memory that their processes share."""
    return [*(Path("/dev") / name for name in _DEVICES), *Path("/dev").glob("nvidia*")]


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        # struct landlock_path_beneath_attr, which is packed.
        rule = struct.pack("=Qi", rights, descriptor)
        system_call(_ADD_RULE, ctypes.c_int(ruleset), _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
