"""What other tools report of a file, for `--diagnostics`.

Two forms are read: JSON, as language servers and `cloister action review --json` write it, and the
lines `PATH:LINE: MESSAGE` that most compilers and linters print. Only lines count, no columns.
"""

import json
import re
import sys
from collections.abc import Iterator
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError
from cloister.core.text import Span
from cloister.features.editing.place import Problem
from cloister.models.catalogue import expand_home

if TYPE_CHECKING:
    from cloister.core.document import DocumentSnapshot
    from cloister.core.text import Text

_MOST_BYTES = 16 * 1024 * 1024
_REPORT = re.compile(
    r"(?P<path>[^:]{1,4096}):(?P<line>\d{1,9})(?::\d{1,9})*:[ \t]*(?P<message>\S.*)"
)

_Said = tuple[int, int, str, str]


def read_problems(file: str, document: "DocumentSnapshot") -> tuple[Problem, ...]:
    """Return what a file says of a document, `-` for standard input.

    Raises CloisterError when it cannot be read or says nothing of it.
    """
    said = _read(file)
    try:
        found = list(_from_json(json.loads(said)))
    except (ValueError, RecursionError):
        found = list(_from_lines(said, document))
    text = document.text
    problems = tuple(
        Problem(_lines(text, first, last), message, source)
        for first, last, message, source in found
        if 0 <= first < text.line_count
    )
    if not problems:
        raise CloisterError(
            f"{file} reports nothing of {document.path}; give JSON, or lines PATH:LINE: MESSAGE."
        )
    return problems


def _read(file: str) -> str:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(_MOST_BYTES)
        else:
            with expand_home(file).open("rb") as opened:
                data = opened.read(_MOST_BYTES)
    except OSError as error:
        raise CloisterError(f"{file} cannot be read: {error}.") from error
    return data.decode(errors="replace")


def _from_json(data: object) -> Iterator[_Said]:
    """Yield the first and last line from 0, message and source of each diagnostic."""
    match data:
        case {"diagnostics": list(listed)} | list(listed):
            for each in listed:
                yield from _diagnostic(each)


def _diagnostic(data: object) -> Iterator[_Said]:
    match data:
        case {"source": str(source)}:
            pass
        case _:
            source = ""
    match data:
        case {"message": str(message), "line": int(line)}:
            yield line - 1, line - 1, message, source
        case {
            "message": str(message),
            "range": {"start": {"line": int(first)}, "end": {"line": int(last)}},
        }:
            yield first, last, message, source


def _from_lines(said: str, document: "DocumentSnapshot") -> Iterator[_Said]:
    here = normpath(document.path or "")
    for line in said.splitlines():
        report = _REPORT.match(line)
        if report and normpath(Path(report["path"]).absolute()) == here:
            number = int(report["line"]) - 1
            yield number, number, report["message"].strip(), ""


def _lines(text: "Text", first: int, last: int) -> Span:
    last = min(max(first, last), text.line_count - 1)
    return Span(text.line_start(first), text.line_end(last))
