"""What it takes to ask services elsewhere; without a process that reaches them none is asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.egress.audit.files import audit_folder
from cloister.egress.audit.log import AuditLog
from cloister.egress.client import EgressLink
from cloister.egress.prices import read_prices, user_prices_path
from cloister.features.escalation.escalate import Escalation
from cloister.features.escalation.rules import Rules
from cloister.observe.usage import UsageRecord
from cloister.policy.decide import PrivacyPolicy
from cloister.settings.backends import BackendSettings, read_backends
from cloister.settings.settings import Settings
from cloister.settings.user_file import user_file_path
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.protection.consent import ConsentStore


def build_escalation(
    link: EgressLink | None,
    policy: PrivacyPolicy,
    settings: Callable[[], Settings],
    folders: Callable[[], Sequence[Path]],
) -> Escalation:
    """Return the services of this user; without a `link` none of them can be reached."""
    user = current_user_folders()
    usage = UsageRecord.below(user.state)
    rules = Rules(
        folders=folders,
        policy=policy,
        privacy=lambda: settings().privacy,
        routing=lambda: settings().routing,
        services=lambda: _services(user_file_path(user)),
        prices=lambda: read_prices(user_prices_path(user)),
        consents=ConsentStore(user.state / "cloister" / "consent"),
        spent=lambda service: usage.spent(service, date.today()),  # noqa: DTZ011  # the user's month
        record=lambda event, details: AuditLog(audit_folder(user)).append(event, details),
    )
    return Escalation(link, rules, usage.add)


def _services(user_file: Path) -> Mapping[str, BackendSettings]:
    try:
        return read_backends(user_file)[0]
    except SettingsError:
        return {}
