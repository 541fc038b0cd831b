"""Records in which other programs say where their models are; what cannot be read says nothing."""

import json
from pathlib import Path
from typing import Any

from cloister.settings.small_file import read_small_file


def read_text_record(path: Path) -> str:
    """Return a small file's text, empty when it cannot be read."""
    try:
        return read_small_file(path).decode(errors="replace")
    except OSError:
        return ""


def read_json_record(path: Path) -> dict[str, Any]:
    """Return a small file's JSON object, empty when it holds none."""
    try:
        record = json.loads(read_text_record(path))
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def folder_in_record(value: object) -> Path | None:
    """Return the folder that a record names; a relative one would depend on where we run."""
    path = Path(value) if isinstance(value, str) else None
    return path if path and path.is_absolute() else None
