"""Why nothing was sent, in a sentence that says what to do, and what is put on record."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloister.core.chat import Message
from cloister.core.errors import BackendUnavailableError
from cloister.core.privacy import Piece, Verdict
from cloister.egress.messages import Purpose
from cloister.egress.providers import endpoint_of
from cloister.policy.secrets import REDACTED, OnSecret, redact, scan
from cloister.settings.backends import BackendSettings
from cloister.workspace.protection.consent import Terms


def without_secrets(
    messages: Sequence[Message], pieces: Sequence[Piece], on_secret: OnSecret
) -> tuple[Message, ...]:
    """Return the messages as they may be sent.

    Raises BackendUnavailableError when any text has what looks like a secret and holds it back.
    """
    if on_secret is OnSecret.REDACT:
        return tuple(replace(it, text=redact(it.text)) for it in messages)
    for piece in pieces:
        for finding in scan(piece.text):
            line = piece.first_line + piece.text.count("\n", 0, finding.start) + 1
            raise BackendUnavailableError(
                f"Nothing was sent: {piece.path.name} has what looks like a secret in line {line} "
                f"({finding.rule}); take it out, or ask the local model."
            )
    if any(scan(it.text) for it in messages):
        raise BackendUnavailableError(
            "Nothing was sent: it has what looks like a secret; ask the local model."
        )
    return tuple(messages)


def redactions_in(before: Sequence[Message], after: Sequence[Message]) -> int:
    """Return how many secrets were taken out of a conversation."""
    counts = (sum(it.text.count(REDACTED) for it in messages) for messages in (after, before))
    return next(counts) - next(counts)


def refusal_details(
    settings: BackendSettings, path: Path | None, error: Exception
) -> dict[str, Any]:
    """Return what the audit log keeps of a request that was refused before it was made."""
    return {
        "backend": settings.name,
        "origin": str(endpoint_of(settings).origin),
        "model": settings.model,
        "purpose": Purpose.ACTION,
        "files": [] if path is None else [_file(path)],
        "reason": str(error),
    }


def _file(path: Path) -> dict[str, str]:
    return {"path": str(path), "real_path": os.path.realpath(path)}


def consent_details(terms: Terms) -> dict[str, Any]:
    """Return what the audit log keeps of what somebody agreed to."""
    return {
        "workspace": str(terms.folder),
        "origin": str(terms.origin),
        "model": terms.model,
        "policy_sha256": terms.policy,
    }


def against_policy(verdict: Verdict) -> BackendUnavailableError:
    """Return the refusal of what a verdict forbids."""
    layer = verdict.decided_by
    where = f" ({layer.path})" if layer.path else ""
    return BackendUnavailableError(
        f"Nothing of this may leave here: {layer.rule}{where}. Ask the local model."
    )
