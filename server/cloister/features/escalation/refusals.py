"""Why nothing was sent, in a sentence that says what to do, and what is put on record."""

import os
import re
from pathlib import Path
from typing import Any

from cloister.core.errors import BackendUnavailableError
from cloister.core.privacy import Verdict
from cloister.egress.messages import Purpose
from cloister.egress.providers import endpoint_of
from cloister.settings.backends import BackendSettings
from cloister.workspace.protection.consent import Terms


class NotSentError(BackendUnavailableError):
    """Something forbids to send a question, or holds it back: nobody was asked."""


def against_policy(verdict: Verdict) -> NotSentError:
    """Return the refusal of what a verdict forbids."""
    layer = verdict.decided_by
    where = f" ({layer.path})" if layer.path else ""
    return NotSentError(
        f"Nothing of this may leave here: {layer.rule}{where}. Ask the local model."
    )


def against_routing() -> NotSentError:
    """Return the refusal of a user who wants no service to be asked."""
    return NotSentError(
        "Your settings file says that no service is asked (`mode` of `[routing]` is never); "
        "change that, or ask the local model."
    )


def not_started() -> NotSentError:
    """Return the refusal where the process with the network was not started."""
    return NotSentError(
        "No service can be reached: what you permit counts from the next start; restart the editor."
    )


def ended() -> NotSentError:
    """Return the refusal where the process with the network has ended."""
    return NotSentError("The process that speaks to other services is gone; restart the editor.")


def not_agreed(title: str) -> NotSentError:
    """Return the refusal of what is only sent after somebody agreed, and nobody can be asked."""
    return NotSentError(
        f"Completions stay here until somebody agrees to ask {title}: choose a code action "
        f"“with {title}…” in this folder, and allow it for 30 days."
    )


def cause_of(sentence: str) -> str:
    """Return what stays the same of a reason that comes again with other numbers."""
    return re.sub(r"\d+", "", sentence)


def refusal_details(
    settings: BackendSettings, path: Path | None, error: Exception, purpose: Purpose
) -> dict[str, Any]:
    """Return what the audit log keeps of a request that was refused before it was made."""
    return {
        "backend": settings.name,
        "origin": str(endpoint_of(settings).origin),
        "model": settings.model,
        "purpose": purpose,
        "files": [] if path is None else [_file(path)],
        "reason": str(error),
    }


def consent_details(terms: Terms) -> dict[str, Any]:
    """Return what the audit log keeps of what somebody agreed to."""
    return {
        "workspace": str(terms.folder),
        "origin": str(terms.origin),
        "model": terms.model,
        "policy_sha256": terms.policy,
    }


def _file(path: Path) -> dict[str, str]:
    return {"path": str(path), "real_path": os.path.realpath(path)}
