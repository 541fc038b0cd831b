"""A document as it was at one moment; everything after the edge works on snapshots."""

from dataclasses import dataclass
from pathlib import Path

from cloister.core.text import Text


@dataclass(frozen=True, slots=True)
class DocumentSnapshot:
    """One version of one document; `path` is None for documents that are not files."""

    uri: str
    path: Path | None
    language_id: str
    version: int | None
    text: Text
