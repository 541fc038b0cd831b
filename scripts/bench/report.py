"""Results as JSON, for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.rows import Row


def as_json(facts: Mapping[str, Any], measurements: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """Return everything as JSON: the rows, and the measurements one by one, not rounded."""
    entries = [asdict(row) | {"met": row.met} for row in rows]
    return json.dumps({"facts": facts, "rows": entries, "measurements": measurements}, indent=2)
