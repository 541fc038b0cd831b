"""A hook in the interpreter that refuses what the kernel refuses, with an error that says so.

It is the second line behind the kernel, and the only one where the kernel has none. It sees Python
code alone, not llama.cpp, and nothing can take it out again. A hook hears every event of the
interpreter, so what it does for the many others is one look into a table.
"""

import errno
import socket
import sys
from collections.abc import Callable
from typing import Any

from cloister.engine.sandbox.role import Role

Check = Callable[[tuple[Any, ...]], None]


def install_hook(role: Role) -> None:
    """Refuse from now on; raises OSError when the interpreter did not take the hook."""
    checks = _CHECKS[role] | {_TRIAL: _refuse}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        check = checks.get(event)
        if check is not None:
            check(arguments)

    sys.addaudithook(hook)
    # An earlier hook can keep later ones out without a word.
    try:
        sys.audit(_TRIAL)
    except PermissionError:
        return
    raise OSError(errno.EPERM, "an earlier hook keeps it out")


def _refuse(_arguments: tuple[Any, ...]) -> None:
    raise PermissionError(
        errno.EACCES, "this process of cloister has no way to a network and no way to get one"
    )


def _refuse_program(_arguments: tuple[Any, ...]) -> None:
    raise PermissionError(errno.EACCES, "this process of cloister starts no program")


def _refuse_family(arguments: tuple[Any, ...]) -> None:
    """Refuse `socket.__new__(socket, family, type, protocol)` for all but unix sockets."""
    # -1: the socket exists already, and its family with it.
    if arguments[1] not in {socket.AF_UNIX, -1}:
        _refuse(arguments)


def _refuse_address(arguments: tuple[Any, ...]) -> None:
    """Refuse `socket.connect(socket, address)` and its like for all but unix sockets."""
    if arguments[0].family != socket.AF_UNIX:
        _refuse(arguments)


def _refuse_network_module(arguments: tuple[Any, ...]) -> None:
    """Refuse `import(name, ...)` of a module that serves no other purpose than a network."""
    if arguments[0] in _NETWORK_MODULES:
        raise ImportError(f"this process of cloister has no use for {arguments[0]}")


_TRIAL = "cloister.trial"

_NETWORK_MODULES = frozenset(
    (
        "aiohttp",
        "ftplib",
        "http.client",
        "httpcore2",
        "httpx",
        "httpx2",
        "huggingface_hub",
        "openai",
        "requests",
        "smtplib",
        "socketserver",
        "urllib.request",
        "urllib3",
        "websockets",
        "xmlrpc",
    )
)

_NAME_SERVICE = ("getaddrinfo", "gethostbyaddr", "gethostbyname", "getnameinfo")
_PROGRAMS = (
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "subprocess.Popen",
)

_FRONT_END_CHECKS: dict[str, Check] = {
    "socket.__new__": _refuse_family,
    **{f"socket.{name}": _refuse_address for name in ("connect", "bind", "sendto", "sendmsg")},
    **{f"socket.{name}": _refuse for name in _NAME_SERVICE},
}
_ENGINE_CHECKS: dict[str, Check] = _FRONT_END_CHECKS | {
    **{f"socket.{name}": _refuse for name in ("connect", "bind", "sendto")},
    **dict.fromkeys(_PROGRAMS, _refuse_program),
    "import": _refuse_network_module,
}
_INDEXER_CHECKS = {name: check for name, check in _ENGINE_CHECKS.items() if name != "os.fork"}
_EGRESS_CHECKS: dict[str, Check] = {
    "socket.bind": _refuse,
    **dict.fromkeys(_PROGRAMS, _refuse_program),
}
_CHECKS = {
    Role.FRONT_END: _FRONT_END_CHECKS,
    Role.ENGINE: _ENGINE_CHECKS,
    Role.INDEXER: _INDEXER_CHECKS,
    Role.EGRESS: _EGRESS_CHECKS,
}
