"""`cloister egress`: be the process that has sockets and keys; editors and commands start it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloister.egress.client import EgressLink
    from cloister.egress.keys import RunCommand


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand; without a word of help, because it is not for people."""
    parser = subparsers.add_parser("egress")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("run").set_defaults(func=_run)
    actions.add_parser("keys").set_defaults(func=_serve_key_commands)


def start_if_permitted() -> "EgressLink | None":
    """Start the egress process, for a program that is not locked yet.

    None when the user's file names no backend, or when it, the environment or the administrator
    leave none to be asked.
    """
    from cloister.cli.egress_gate import named_backends
    from cloister.core.privacy import EndpointClass
    from cloister.egress.launch import start_egress
    from cloister.policy.decide import current_policy, user_privacy
    from cloister.policy.privacy import endpoints
    from cloister.settings.user_file import user_file_path
    from cloister.settings.user_folders import current_user_folders

    folders = current_user_folders()
    user_file = user_file_path(folders)
    privacy = user_privacy(user_file)
    # What holds for the topmost folder holds for every file, an administrator's rules included.
    possible = endpoints(current_policy(lambda: privacy).for_file(folders.root), privacy)
    backends = named_backends(user_file)
    if not backends or set(possible) <= {EndpointClass.ENGINE}:
        return None
    variables = [backend.key_environment for backend in backends.values()]
    return start_egress(folders.state / "cloister" / "empty", filter(None, variables))


def _run(_options: argparse.Namespace) -> int:
    import asyncio
    import os

    from cloister import __version__
    from cloister.cli.egress_gate import user_gate
    from cloister.egress.audit.files import audit_folder
    from cloister.egress.audit.log import AuditLog
    from cloister.egress.keys import Keys
    from cloister.egress.messages import Ready
    from cloister.egress.process import serve, take_connection
    from cloister.egress.sending import Sender
    from cloister.engine.sandbox import lock_egress
    from cloister.engine.sandbox.limits import close_inherited_files
    from cloister.observe.log import configure_logging
    from cloister.settings.user_file import user_file_path
    from cloister.settings.user_folders import current_user_folders

    close_inherited_files()
    configure_logging("warning")
    connection = take_connection()
    folders = current_user_folders()
    run_command = _key_commands(user_file_path(folders))
    isolation = lock_egress((folders.state / "cloister",))
    ready = Ready(__version__, isolation.level, isolation.reason)
    keys = Keys(run_command, os.environ)
    sender = Sender(user_gate(folders), keys, AuditLog(audit_folder(folders)), isolation.level)
    asyncio.run(serve(connection, ready, sender))
    # A thread that waits for a key must not hold up the end.
    os._exit(0)


def _key_commands(user_file: Path) -> "RunCommand":
    """Start who runs key commands, while programs can still be started, if there are any."""
    from cloister.cli.egress_gate import named_backends
    from cloister.core.errors import SettingsError
    from cloister.egress.key_commands import KeyCommands
    from cloister.settings.backends import KeySource

    def refuse(name: str) -> str:
        raise SettingsError(
            f"The `key-command` of {name!r} is new since cloister started; restart the editor."
        )

    backends = named_backends(user_file).values()
    if any(backend.key is KeySource.COMMAND for backend in backends):
        return KeyCommands.start().run
    return refuse


def _serve_key_commands(_options: argparse.Namespace) -> int:
    import sys

    from cloister.cli.egress_gate import named_backend
    from cloister.egress.key_commands import serve_key_commands
    from cloister.engine.sandbox.limits import hide_memory
    from cloister.settings.user_file import user_file_path
    from cloister.settings.user_folders import current_user_folders

    hide_memory()
    user_file = user_file_path(current_user_folders())
    serve_key_commands(lambda name: named_backend(user_file, name), sys.stdin, sys.stdout)
    return 0
