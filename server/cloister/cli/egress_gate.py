"""Answers the questions of the egress process's gate from what lies on the disk now.

The user's own file is read anew for each request, so that what it takes back counts at once; the
policy forgets no refusal while the process lives.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.egress.addresses import permitted_classes
from cloister.egress.destination import Destination, Route
from cloister.egress.gate import Decision, Gate
from cloister.egress.messages import EgressRequest, Purpose
from cloister.egress.providers import endpoint_of
from cloister.egress.spending import over_budget
from cloister.observe.usage import UsageRecord
from cloister.policy.decide import PrivacyPolicy, current_policy, user_privacy, user_routing
from cloister.policy.privacy import endpoints
from cloister.settings.backends import BackendSettings, read_backends
from cloister.settings.settings import (
    COMPLETION,
    PrivacySettings,
    RoutingMode,
    RoutingSettings,
)
from cloister.settings.user_file import user_file_path
from cloister.settings.user_folders import UserFolders
from cloister.workspace.protection.consent import ConsentStore, Terms


def user_gate(folders: UserFolders) -> Gate:
    """Return the gate of this user."""
    user_file = user_file_path(folders)
    decider = _Decider(user_file)
    consents = ConsentStore(folders.state / "cloister" / "consent")
    usage = UsageRecord.below(folders.state)
    return Gate(
        route=lambda name: _route(named_backend(user_file, name)),
        decide=decider.decide,
        has_consent=lambda request: _has_consent(consents, decider.policy, request),
        unwanted=lambda request: _unwanted(user_routing(user_file), request),
        over_budget=lambda request: _over_budget(usage, named_backend(user_file, request.backend)),
    )


def named_backends(user_file: Path) -> Mapping[str, BackendSettings]:
    """Return the backends of the user's file that can be used; none of a file that cannot."""
    try:
        return read_backends(user_file)[0]
    except SettingsError:
        return {}


def named_backend(user_file: Path, name: str) -> BackendSettings:
    """Return one backend of the user's file; raises SettingsError when it is not there."""
    backends, problems = read_backends(user_file)
    if name in backends:
        return backends[name]
    reason = f" ({problems[0]})" if problems else ""
    raise SettingsError(
        f"The user's file names no backend {name!r}{reason}; add it, or ask another."
    )


def _route(settings: BackendSettings) -> Route:
    endpoint = endpoint_of(settings)
    classes = permitted_classes(endpoint.origin, plain_http=settings.plain_http)
    destination = Destination(endpoint.origin, classes, settings.ca_file)
    return Route(settings, destination, endpoint.key_header, endpoint.key_prefix)


class _Decider:
    """The policy of this process, which asks the user's file once for each request."""

    def __init__(self, user_file: Path) -> None:
        self.policy = current_policy(lambda: self._privacy)
        self._user_file = user_file
        self._privacy = PrivacySettings()

    def decide(self, files: Sequence[Path]) -> Decision:
        """Return what holds for all of the files together."""
        self._privacy = user_privacy(self._user_file)
        verdict = self.policy.for_folders(files)
        return Decision(verdict, frozenset(endpoints(verdict, self._privacy)))


def _has_consent(consents: ConsentStore, policy: PrivacyPolicy, request: EgressRequest) -> bool:
    if not request.workspace:
        return False
    folder = Path(request.workspace)
    files = {Path(name) for piece in request.pieces for name in (piece.path, piece.real_path)}
    rules = policy.fingerprint(folder, files)
    terms = Terms(Path(os.path.realpath(folder)), request.origin, request.model, rules)
    return consents.find(terms, datetime.now(UTC)) is not None


def _unwanted(routing: RoutingSettings, request: EgressRequest) -> str:
    if request.purpose is Purpose.TRIAL:
        return ""
    if routing.mode == RoutingMode.NEVER:
        return "Your settings file says that no service is asked (`mode` of `[routing]` is never)."
    is_routed = routing.service_for(COMPLETION) == request.backend
    if request.purpose is Purpose.COMPLETION and not is_routed:
        return f"Your settings file does not have {request.backend!r} asked for completions."
    return ""


def _over_budget(usage: UsageRecord, settings: BackendSettings) -> str:
    if settings.monthly_budget is None:
        return ""
    try:
        spent = usage.spent(settings.name, date.today())  # noqa: DTZ011  # the user's own day
    except OSError as error:
        return (
            f"What {settings.name!r} has cost cannot be read ({error.strerror}), so nothing is "
            "sent; check the folder of `cloister usage`."
        )
    return over_budget(settings, spent)
