"""What the user agreed to: one folder, one origin, one model, one policy, until a day.

Kept outside of the repository, in the user's own state. A consent counts for exactly what it names:
another folder at the same path (by device and inode), another origin or model, other rules, or the
day when it ends, and there is none. Files under rules of their own have a consent of their own.
What cannot be read is no consent.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cloister.core.privacy import Origin
from cloister.settings.small_file import read_small_file
from cloister.workspace.protection.private_file import write_private

VALID_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Terms:
    """What there is to agree to; `folder` has no links.

    `policy` is a hash of all rules that hold for it and for the files that are sent.
    """

    folder: Path
    origin: Origin
    model: str
    policy: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to; times have a time zone."""

    terms: Terms
    granted: datetime
    expires: datetime


class ConsentStore:
    """The consents of one user in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def grant(self, terms: Terms, now: datetime, valid_for: timedelta = VALID_FOR) -> Consent:
        """Write a consent down, in place of an older one to the same; raises OSError."""
        consent = Consent(terms, now, now + valid_for)
        facts = _facts(terms) | {
            "granted": consent.granted.isoformat(),
            "expires": consent.expires.isoformat(),
        }
        write_private(self._path(terms), json.dumps(facts).encode() + b"\n")
        return consent

    def find(self, terms: Terms, now: datetime) -> Consent | None:
        """Return the consent to exactly these terms that holds now; None without one."""
        try:
            kept = json.loads(read_small_file(self._path(terms)))
            consent = Consent(
                terms,
                datetime.fromisoformat(kept.pop("granted")),
                datetime.fromisoformat(kept.pop("expires")),
            )
            holds = kept == _facts(terms) and consent.granted <= now < consent.expires
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return consent if holds else None

    def withdraw_all(self) -> int:
        """Take every consent back and return how many there were; raises OSError."""
        paths = list(self._directory.glob("*.json"))
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _path(self, terms: Terms) -> Path:
        named = json.dumps([str(terms.folder), str(terms.origin), terms.model, terms.policy])
        return self._directory / f"{hashlib.sha256(named.encode()).hexdigest()}.json"


def _facts(terms: Terms) -> dict[str, Any]:
    found = terms.folder.stat()
    return {
        "folder": str(terms.folder),
        "device": found.st_dev,
        "inode": found.st_ino,
        "origin": asdict(terms.origin),
        "model": terms.model,
        "policy": terms.policy,
    }
