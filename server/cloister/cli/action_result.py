"""What came of a code action in the terminal: shown, written to the file, or put into a new one."""

import argparse
import codecs
import difflib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from cloister.core.edit import TextEdit, edited
from cloister.core.errors import CloisterError
from cloister.core.invisible import shown
from cloister.core.text import Span
from cloister.features.committing.document import is_commit_message
from cloister.features.editing.findings import NOTHING_FOUND
from cloister.features.editing.task import (
    Findings,
    NewFile,
    NewName,
    PartialEdits,
    Prose,
    Result,
)
from cloister.workspace.documents import read_document

if TYPE_CHECKING:
    from cloister.core.document import DocumentSnapshot


def put_out(options: argparse.Namespace, document: "DocumentSnapshot", result: Result) -> None:
    """Print a result, or write it where `--apply` says so; raises CloisterError if it cannot."""
    match result:
        case Prose(markdown=markdown):
            _print_prose(options, document, markdown)
        case Findings() as findings:
            _print_findings(options, document, findings)
        case PartialEdits(edits=edits, report=report):
            print(report, file=sys.stderr)
            _put_out_edits(options, document, edits)
        case NewFile(path=path, text=text):
            _put_out_new(options, path, text)
        case NewName(edits=edits):
            _put_out_edits(options, document, edits)
        case edits:
            _put_out_edits(options, document, edits)


def _print_prose(options: argparse.Namespace, document: "DocumentSnapshot", markdown: str) -> None:
    if options.json:
        print(json.dumps({"path": str(document.path), "markdown": markdown}, indent=2))
    else:
        print(shown(markdown), end="")


def _print_findings(
    options: argparse.Namespace, document: "DocumentSnapshot", findings: Findings
) -> None:
    said = [
        {"line": line + 1, "severity": it.severity, "message": it.message, "source": "cloister"}
        for it in findings.found
        for line in (document.text.line_of(it.span.start),)
    ]
    if options.json:
        print(json.dumps({"path": str(document.path), "diagnostics": said}, indent=2))
        return
    for it in said:
        print(shown("{path}:{line}: {severity}: {message}".format(path=document.path, **it)))
    if not said:
        print(NOTHING_FOUND, file=sys.stderr)


def _put_out_new(options: argparse.Namespace, path: Path, text: str) -> None:
    if options.json:
        _print_edits(path, [TextEdit(Span(0, 0), text)])
    elif options.apply:
        _create(path, text)
        print(shown(f"Created {path}."), file=sys.stderr)
    else:
        _print_diff("", text, ("/dev/null", str(path)))


def _put_out_edits(
    options: argparse.Namespace, document: "DocumentSnapshot", edits: Sequence[TextEdit]
) -> None:
    before = document.text.value
    after = edited(before, edits)
    if options.json:
        _print_edits(document.path, edits)
    elif options.apply:
        _write(document, after)
        print(shown(f"Changed {document.path}."), file=sys.stderr)
    elif is_commit_message(document):
        print(after, end="")
    else:
        _print_diff(before, after, (str(document.path), str(document.path)))


def _print_edits(path: Path | None, edits: Sequence[TextEdit]) -> None:
    changes = [{"start": it.span.start, "end": it.span.end, "text": it.text} for it in edits]
    print(json.dumps({"path": str(path), "edits": changes}, indent=2))


def _print_diff(before: str, after: str, names: tuple[str, str]) -> None:
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm=""):
        print(shown(line))


def _create(path: Path, text: str) -> None:
    """Create a file, unless somebody did meanwhile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except (OSError, UnicodeEncodeError) as error:
        raise CloisterError(f"{path} cannot be written: {error}.") from error


def _write(document: "DocumentSnapshot", text: str) -> None:
    """Replace the file at once, unless somebody changed it meanwhile."""
    if document.path is None or read_document(document.path).text != document.text:
        raise CloisterError(f"{document.path} was changed meanwhile; try again.")
    path = Path(os.path.realpath(document.path))
    mark = codecs.BOM_UTF8 if path.read_bytes().startswith(codecs.BOM_UTF8) else b""
    try:
        _replace(path, mark + text.encode())
    except (OSError, UnicodeEncodeError) as error:
        raise CloisterError(f"{path} cannot be written: {error}.") from error


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
