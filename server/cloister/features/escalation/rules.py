"""Who has a say about asking a service, put into questions."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cloister.backends.draft import Draft
from cloister.core.errors import CloisterError, SettingsError
from cloister.core.privacy import EndpointClass, Piece, Verdict
from cloister.egress.addresses import permitted_classes
from cloister.egress.audit.records import Event
from cloister.egress.messages import Purpose
from cloister.egress.prices import Price
from cloister.egress.providers import endpoint_of
from cloister.features.escalation.drafting import Question
from cloister.features.escalation.refusals import (
    NotSentError,
    against_policy,
    against_routing,
    refusal_details,
)
from cloister.policy.decide import PrivacyPolicy
from cloister.policy.privacy import endpoints, is_provably_of_its_file, together
from cloister.policy.secrets import OnSecret
from cloister.settings.backends import BackendSettings
from cloister.settings.settings import PrivacySettings, RoutingMode, RoutingSettings
from cloister.workspace.protection.consent import ConsentStore, Terms


@dataclass(frozen=True, slots=True)
class Rules:
    """Who decides, and what the user's files say: read anew at every question.

    `prices` raises SettingsError when they cannot be read: a budget would mean nothing then.
    `spent` is what a service has cost this month (US dollars).
    `record` writes into the audit log, and raises OSError when it cannot. `folders` are those that
    are open.
    """

    policy: PrivacyPolicy
    privacy: Callable[[], PrivacySettings]
    routing: Callable[[], RoutingSettings]
    services: Callable[[], Mapping[str, BackendSettings]]
    prices: Callable[[], Sequence[Price]]
    consents: ConsentStore
    spent: Callable[[str], float]
    record: Callable[[Event, Mapping[str, Any]], object]
    folders: Callable[[], Sequence[Path]]

    def settings(self, service: str) -> BackendSettings:
        """Return what the user's file says of a service; raises SettingsError."""
        settings = self.services().get(service)
        if settings is None:
            raise SettingsError(f"Your settings file names no backend {service!r}; add it there.")
        return settings

    @property
    def on_secret(self) -> OnSecret:
        """What becomes of a text with secrets."""
        return OnSecret(self.privacy().secrets)

    def permitted(self, settings: BackendSettings, question: Question) -> Verdict:
        """Return what holds for a question; raises NotSentError when it may not be sent."""
        verdict = self.verdict(question)
        if not self.classes(settings, verdict):
            raise self.refusal(verdict)
        return verdict

    def refusal(self, verdict: Verdict) -> NotSentError:
        """Return why a service that `classes` leaves no way to is not asked."""
        is_never = self.routing().mode == RoutingMode.NEVER
        return against_routing() if is_never else against_policy(verdict)

    async def refused(
        self, settings: BackendSettings, path: Path | None, error: CloisterError, purpose: Purpose
    ) -> None:
        """Put a refusal on record; it holds, whether or not it can be written down."""
        details = refusal_details(settings, path, error, purpose)
        with suppress(OSError):
            # Another window may be writing, and each waits until it is on the disk.
            await asyncio.to_thread(self.record, Event.REFUSED, details)

    def verdict(self, question: Question) -> Verdict:
        """Return what holds for all that a question holds; raises NotSentError if unknown."""
        if not question.pieces:
            raise NotSentError(
                "This document is no file, so nobody can say whether its text may leave; save it."
            )
        return self.policy.for_request(question.uri, question.pieces, self.folders())

    def classes(self, settings: BackendSettings, verdict: Verdict) -> frozenset[EndpointClass]:
        """Return how far away a service may be under a verdict; empty when it may not be asked."""
        if self.routing().mode == RoutingMode.NEVER:
            return frozenset()
        try:
            origin = endpoint_of(settings).origin
        except SettingsError:
            return frozenset()
        possible = permitted_classes(origin, plain_http=settings.plain_http)
        return possible & frozenset(endpoints(verdict, self.privacy()))

    def may_go(self, settings: BackendSettings, uri: str) -> Callable[[Piece], bool]:
        """Return who says whether a piece of another file may go to a service.

        What may come from anywhere never does. A file is judged once.
        """
        standing = self.policy.for_document(uri, self.folders())

        @cache
        def is_permitted(path: Path, real_path: Path) -> bool:
            files = map(self.policy.for_file, {path, real_path})
            return bool(self.classes(settings, together(standing, *files)))

        return lambda piece: (
            is_provably_of_its_file(piece) and is_permitted(piece.path, piece.real_path)
        )

    def terms(self, draft: Draft, question: Question) -> Terms | None:
        """Return what there is to agree to for a while; None where that cannot be said."""
        if question.folder is None:
            return None
        folder = Path(os.path.realpath(question.folder))
        files = {path for piece in question.pieces for path in (piece.path, piece.real_path)}
        led_to = (real for path in files for real in self.policy.real_paths(path))
        if not all(real.is_relative_to(folder) for real in led_to):
            return None
        policy = self.policy.fingerprint(question.folder, files)
        return Terms(folder, draft.origin, draft.model, policy)


def first_time(draft: Draft) -> Terms:
    """Return what is on record of an origin once somebody has seen what goes there."""
    return Terms(Path("/"), draft.origin, draft.model, "seen")
