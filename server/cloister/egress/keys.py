"""The key of a backend, from the one place that the user's file names for it.

Only the egress process reads keys. Each goes to one origin: the one in the same table of the user's
file, read at the same time. Keys are remembered until a server turns one down.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.core.privacy import Origin
from cloister.egress.destination import Route
from cloister.egress.errors import EgressRefusedError
from cloister.egress.keyring_store import find_key
from cloister.egress.messages import RefusalKind
from cloister.egress.secret import Secret
from cloister.settings.backends import BackendSettings, KeySource
from cloister.settings.small_file import read_small_file

RunCommand = Callable[[str], str]
"""Returns what the key command of a backend prints; raises SettingsError."""


class Keys:
    """The keys of this process; `run_command` asks who may still start programs."""

    def __init__(self, run_command: RunCommand, environment: Mapping[str, str]) -> None:
        self._run_command = run_command
        self._environment = environment
        self._known: dict[tuple[object, ...], Secret] = {}

    def headers(self, route: Route) -> dict[str, str]:
        """Return the header that carries the key, none for a backend without; it may wait long.

        Raises EgressRefusedError when there is no key where the user's file says.
        """
        if route.settings.key is KeySource.NONE:
            return {}
        place = _place(route)
        key = self._known.get(place) or self._read(route.settings, route.destination.origin)
        self._known[place] = key
        return {route.key_header: f"{route.key_prefix}{key.reveal()}"}

    def forget(self, route: Route) -> None:
        """Read the key anew next time, because the server did not take it."""
        self._known.pop(_place(route), None)

    def _read(self, settings: BackendSettings, origin: Origin) -> Secret:
        try:
            return self._found(settings, origin)
        except SettingsError as error:
            raise EgressRefusedError(RefusalKind.KEY, str(error)) from error

    def _found(self, settings: BackendSettings, origin: Origin) -> Secret:
        match settings.key:
            case KeySource.KEYRING:
                return _required(find_key(settings.name, origin), settings, origin)
            case KeySource.COMMAND:
                value = self._run_command(settings.name)
            case KeySource.FILE:
                value = _of_file(settings)
            case _:
                value = self._environment.get(settings.key_environment or "", "")
        try:
            return Secret(value.strip())
        except ValueError as error:
            raise _no_key(settings) from error


def _place(route: Route) -> tuple[object, ...]:
    settings = route.settings
    places = (settings.key, settings.key_command, settings.key_file, settings.key_environment)
    return (settings.name, route.destination.origin, *places)


def _required(key: Secret | None, settings: BackendSettings, origin: Origin) -> Secret:
    if key is None:
        raise SettingsError(
            f"The keyring has no key of {settings.name!r} for {origin}; "
            f"store it with `cloister backend add {settings.name}`."
        )
    return key


def _no_key(settings: BackendSettings) -> SettingsError:
    place = {
        KeySource.COMMAND: "its `key-command` does not print",
        KeySource.FILE: f"{settings.key_file} does not hold",
    }.get(settings.key, f"the variable {settings.key_environment} does not hold")
    return SettingsError(f"The backend {settings.name!r} has no key: {place} one word.")


def _of_file(settings: BackendSettings) -> str:
    path = settings.key_file or Path(os.devnull)
    try:
        facts = path.stat()
        if facts.st_uid != os.getuid() or stat.S_IMODE(facts.st_mode) & 0o077:
            raise SettingsError(
                f"{path} holds a key and is open to others; run `chmod 600` on it, as its owner."
            )
        return read_small_file(path).decode("ascii")
    except (OSError, ValueError) as error:
        raise _no_key(settings) from error
