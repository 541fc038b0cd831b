"""The operating system's own store of keys, and no other.

`keyring` would let an environment variable or a file choose any class, also one that keeps keys as
plain text; here the backends are named. A key is kept under its origin, so it is not found, and not
sent, when the backend of that name moves to another place.
"""

from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from cloister.core.errors import SettingsError
from cloister.core.privacy import Origin
from cloister.egress.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

T = TypeVar("T")

_BACKENDS = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)


def store_key(name: str, origin: Origin, key: Secret) -> None:
    """Keep the key of the backend `name`; raises SettingsError when there is no place for it."""
    _use(lambda store: store.set_password(_service(origin), name, key.reveal()))


def remove_key(name: str, origin: Origin) -> None:
    """Forget the key of the backend `name`; there need not be one. Raises SettingsError."""
    if find_key(name, origin) is not None:
        _use(lambda store: store.delete_password(_service(origin), name))


def find_key(name: str, origin: Origin) -> Secret | None:
    """Return the key of the backend `name`, None when none is kept; raises SettingsError."""
    value = _use(lambda store: store.get_password(_service(origin), name))
    try:
        return Secret(value) if value else None
    except ValueError as error:
        raise SettingsError(
            f"What the keyring holds for {name!r} is no key; store it again with `backend add`."
        ) from error


def system_keyring() -> "KeyringBackend | None":
    """Return the store of this system, None when there is none, as on most servers."""
    for module_name, class_name in _BACKENDS:
        try:
            kind: type[KeyringBackend] = getattr(import_module(module_name), class_name)
        except (ImportError, AttributeError):
            continue
        if kind.viable:
            return kind()
    return None


def _use(work: "Callable[[KeyringBackend], T]") -> T:
    from keyring.errors import KeyringError

    store = system_keyring()
    if store is None:
        raise SettingsError(
            "This system has no keyring that cloister uses; keep the key with `key-command`, "
            "`key-file` or `key-environment` instead."
        )
    try:
        return work(store)
    except KeyringError as error:
        raise SettingsError(
            f"The keyring does not answer ({type(error).__name__}); unlock it and try again."
        ) from error


def _service(origin: Origin) -> str:
    return f"cloister {origin}"
