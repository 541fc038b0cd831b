"""The policy as it stands in this process: asks everybody who has a say, and forgets no refusal.

What was local-only once stays so until the process ends. Belongs to one thread.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.core.privacy import Layer, Piece, Verdict
from cloister.policy.privacy import (
    environment_layers,
    is_provably_of_its_file,
    judge,
    policy_hash,
    ratcheted,
    remembered,
    together,
    user_layers,
)
from cloister.settings.settings import PrivacySettings, RoutingMode, RoutingSettings
from cloister.settings.user_file import read_user_file, user_file_path
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.documents import named_path, path_from_uri
from cloister.workspace.protection.marks import OnProblems
from cloister.workspace.protection.protection import Protection, usual_places


class PrivacyPolicy:
    """Decides for files, folders, documents and requests.

    `settings` gives the privacy settings as they are now, `user_file` is where the user's lie.
    """

    def __init__(
        self,
        settings: Callable[[], PrivacySettings],
        user_file: Path,
        environment: Mapping[str, str],
        protection: Protection,
    ) -> None:
        self._settings = settings
        self._user_file = user_file
        self._environment = environment_layers(environment)
        self._protection = protection
        self._held: tuple[Layer, ...] = ()

    def standing(self) -> Verdict:
        """Return what holds for everything: what the user, the editor and the environment say."""
        layers = (*self._environment, *user_layers(self._settings(), self._user_file))
        self._held = ratcheted(self._held, layers)
        return judge((*layers, *remembered(self._held, layers)))

    def for_file(self, path: Path) -> Verdict:
        """Return what holds for the text of a file, or of all in a folder; `path` is absolute."""
        return judge((*self.standing().layers, *self._protection.layers(path)))

    def for_folders(self, folders: Iterable[Path]) -> Verdict:
        """Return what holds for text that may come from anywhere in these folders."""
        return together(self.standing(), *map(self.for_file, folders))

    def for_document(self, uri: str, folders: Iterable[Path]) -> Verdict:
        """Return what holds for a document while these folders are open.

        One that is no file may hold text of every folder, besides that of the file that its name
        tells.
        """
        path = path_from_uri(uri)
        if path is not None:
            return self.for_file(path)
        named = named_path(uri)
        return self.for_folders((*folders, *([] if named is None else [named])))

    def for_request(self, uri: str, pieces: Iterable[Piece], folders: Iterable[Path]) -> Verdict:
        """Return what holds for pieces that are sent together on behalf of a document.

        A piece that may hold text of another file than its own goes no further than every open
        folder allows.
        """
        folders, pieces = tuple(folders), tuple(pieces)
        files = dict.fromkeys(path for piece in pieces for path in (piece.path, piece.real_path))
        verdict = together(self.for_document(uri, folders), *map(self.for_file, files))
        if all(map(is_provably_of_its_file, pieces)):
            return verdict
        return together(verdict, self.for_folders(folders))

    def denial(self, path: Path | None) -> Layer | None:
        """Return the rule by which a file enters no prompt at all; None when it may."""
        return None if path is None else self.for_file(path).denial

    def is_denied(self, path: Path) -> bool:
        """Return whether a file enters no prompt at all."""
        return self.denial(path) is not None

    def real_paths(self, path: Path) -> tuple[Path, ...]:
        """Return where a path leads and ever led; empty where that cannot be said."""
        try:
            return self._protection.real_paths(path)
        except (OSError, ValueError):
            return ()

    def fingerprint(self, folder: Path, files: Iterable[Path]) -> str:
        """Return what changes with any rule that decides for a folder or for files in it."""
        paths = dict.fromkeys((folder, *files))
        digests = chain.from_iterable(map(self._protection.digests, paths))
        return policy_hash(self.for_folders(paths), digests)


def current_policy(
    settings: Callable[[], PrivacySettings], on_problems: OnProblems = lambda _problems: None
) -> PrivacyPolicy:
    """Return the policy of this user on this machine; `on_problems` hears what is wrong with it."""
    folders = current_user_folders()
    protection = Protection(usual_places(folders), on_problems)
    return PrivacyPolicy(settings, user_file_path(folders), folders.environment, protection)


def user_routing(user_file: Path) -> RoutingSettings:
    """Return when the user's file has services asked; never where it cannot be read."""
    try:
        return read_user_file(user_file)[0].routing
    except SettingsError:
        return RoutingSettings(RoutingMode.NEVER)


def user_privacy(user_file: Path) -> PrivacySettings:
    """Return what the user's file says of privacy; the strictest where it cannot be read."""
    try:
        return read_user_file(user_file)[0].privacy
    except SettingsError:
        return PrivacySettings()
