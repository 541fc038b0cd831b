"""What it takes to ask services elsewhere; nothing of it exists where nothing may leave."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.egress.audit.files import audit_folder
from cloister.egress.audit.log import AuditLog
from cloister.egress.client import EgressLink
from cloister.egress.prices import Price, read_prices, user_prices_path
from cloister.features.escalation.escalate import Escalation
from cloister.features.escalation.rules import Rules
from cloister.observe.usage import UsageRecord
from cloister.policy.decide import PrivacyPolicy
from cloister.settings.backends import BackendSettings, read_backends
from cloister.settings.settings import PrivacySettings
from cloister.settings.user_file import user_file_path
from cloister.settings.user_folders import UserFolders, current_user_folders
from cloister.workspace.protection.consent import ConsentStore


def build_escalation(
    link: EgressLink | None,
    policy: PrivacyPolicy,
    privacy: Callable[[], PrivacySettings],
    folders: Callable[[], Sequence[Path]],
) -> Escalation:
    """Return the services of this user; without a `link` none of them can be reached."""
    user = current_user_folders()
    rules = Rules(
        folders=folders,
        policy=policy,
        privacy=privacy,
        services=lambda: _services(user_file_path(user)),
        prices=_prices(user),
        consents=ConsentStore(user.state / "cloister" / "consent"),
        record=lambda event, details: AuditLog(audit_folder(user)).append(event, details),
    )
    return Escalation(link, rules, UsageRecord.below(user.state).add)


def _services(user_file: Path) -> Mapping[str, BackendSettings]:
    try:
        return read_backends(user_file)[0]
    except SettingsError:
        return {}


def _prices(user: UserFolders) -> tuple[Price, ...]:
    try:
        return read_prices(user_prices_path(user))
    except SettingsError:
        return ()
