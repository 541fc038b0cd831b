"""Writes what is derived from the table of options: the tables of settings in the documentation.

Usage: generate.py [--check]      with --check nothing is written, and stale files are named
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from cloister.settings.options import OPTIONS, USER_FILE_OPTIONS, Option
from cloister.settings.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_BEGIN, _END = "<!-- settings: begin (generated) -->", "<!-- settings: end -->"
_ROUTING = tuple(it for it in USER_FILE_OPTIONS if it.name.startswith("routing."))
_TABLES = {_ROOT / "README.md": OPTIONS, _ROOT / "docs" / "backends.md": _ROUTING}


def main() -> int:
    """Write or check; returns 1 when a checked file is stale."""
    files = {path: _with_table(path, options) for path, options in _TABLES.items()}
    stale = [path for path, text in files.items() if path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(_ROOT)} is stale; run scripts/dev.py generate.")
        return 1 if stale else 0
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
        print(f"wrote {path.relative_to(_ROOT)}")
    return 0


def _with_table(path: Path, options: Iterable[Option]) -> str:
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    rows = [
        f"| `{option.name}` | {_values(option)} | `{_json(_default(option))}` | {option.help} |"
        for option in options
    ]
    table = "\n".join(["| setting | values | default | meaning |", "|---|---|---|---|", *rows])
    return f"{before}{_BEGIN}\n{table}\n{_END}{after}"


def _values(option: Option) -> str:
    if option.choices:
        return ", ".join(f"`{choice}`" for choice in option.choices)
    if option.low is not None:
        return f"{option.low} to {option.high}"
    return {bool: "`true`, `false`", str: "text", tuple: "list of names"}[option.type]


def _default(option: Option) -> object:
    value: object = Settings()
    for name in option.field.split("."):
        value = getattr(value, name)
    return value


def _json(value: object) -> str:
    return json.dumps(value if value is not None else "")


if __name__ == "__main__":
    raise SystemExit(main())
