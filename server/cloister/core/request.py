"""What the editor asks for, in our own terms: code-point offsets, no protocol types."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cloister.core.document import DocumentSnapshot


class Trigger(StrEnum):
    """Why a completion was asked for."""

    AUTOMATIC = "automatic"
    INVOKED = "invoked"


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """Complete `document` at `offset` (code points); `root` is its workspace folder."""

    document: DocumentSnapshot
    offset: int
    trigger: Trigger
    root: Path | None = None
