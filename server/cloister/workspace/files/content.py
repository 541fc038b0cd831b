"""The text of a source file, or why it is none worth reading.

Only what lies in the root under this very path is read: a path through a symbolic link may lead
out of the workspace, or to a file that an ignore file names.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cloister.workspace.files.regular import read_regular
from cloister.workspace.files.secret import is_secret

MAX_SOURCE_BYTES = 1024 * 1024
_DIGEST_BYTES = 16

# Longer lines are data, or code that a program has packed.
_MAX_LINE_CHARS = 20_000
_MAX_MEAN_LINE_CHARS = 300
_SHORT_TEXT_CHARS = 5_000

_HEAD_CHARS = 1_500
# A comment that begins so; code that only speaks of such comments does not.
_GENERATED = re.compile(
    r"""
    ^\W{1,12} (?:\w{1,12}:\ )? (?:
        .{0,80}[@]generated\b
        | code\ generated\ .{0,200}\bdo\ not\ edit
        | this\ (?:\w+\ )?(?:file|code|module|class)\ (?:is|was|has\ been)\ (?:auto\w*[-\ ]*)?
          generated\b
        | (?:automatically|auto)[-\ ]*generated\ (?:by|from|file|code)\b
        | generated\ by\ the\ protocol\ buffer\ compiler
        | do\ not\ (?:edit|modify)\b.{0,60}\b(?:generated|by\ hand|manually)\b
        | auto-generated\ ?/?>
    )
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_GENERATED_NAME = re.compile(
    r".*(?:\.min\.[a-z]+|\.bundle\.js|\.lock|[-.]lock\.(?:json|yaml|hcl)|npm-shrinkwrap\.json)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's text; `digest`, `size` and `mtime_ns` are those of the bytes it was read from."""

    text: str
    digest: bytes
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class NotIndexed:
    """A file that is left out; `reason` is a short clause without anything of its text."""

    reason: str


def read_source(
    root: Path, path: str, max_bytes: int = MAX_SOURCE_BYTES
) -> SourceFile | NotIndexed:
    """Return the text of the file at `path`, relative to `root`. Never raises."""
    if is_secret(path):
        return NotIndexed("its name is that of a secret")
    try:
        whole = _path_inside(root, path)
        data, found = read_regular(whole, max_bytes + 1)
    except FileNotFoundError:
        return NotIndexed("it is gone")
    except (OSError, ValueError):
        return NotIndexed("it cannot be read, or is not a regular file")
    text = source_text(path, data, max_bytes)
    if isinstance(text, NotIndexed):
        return text
    digest = hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
    return SourceFile(text, digest, found.st_size, found.st_mtime_ns)


def source_text(path: str, data: bytes, max_bytes: int = MAX_SOURCE_BYTES) -> str | NotIndexed:
    """Return the text that a file's bytes spell, or why it is left out; `path` only names it."""
    if len(data) > max_bytes:
        return NotIndexed("it is too large")
    if _GENERATED_NAME.fullmatch(path.rpartition("/")[2]):
        return NotIndexed("its name is that of a generated file")
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        return NotIndexed("it is not UTF-8")
    reason = _reason_against(text)
    return text if reason is None else NotIndexed(reason)


def _path_inside(root: Path, path: str) -> str:
    """Return the whole path; raises ValueError when it leads elsewhere or through a link."""
    whole = f"{os.path.realpath(root).rstrip('/')}/{path}"
    if os.path.realpath(whole) != whole:
        raise ValueError("the path leads elsewhere")
    return whole


def _reason_against(text: str) -> str | None:
    if "\0" in text:
        return "it is binary"
    if _GENERATED.search(text, 0, _HEAD_CHARS):
        return "it says that it is generated"
    return "its lines are too long to be written by hand" if _is_packed(text) else None


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def _is_packed(text: str) -> bool:
    if len(text) < _SHORT_TEXT_CHARS:
        return False
    n_lines = max(text.count("\n"), text.count("\r")) + 1
    if len(text) > n_lines * _MAX_MEAN_LINE_CHARS:
        return True
    return len(text) > _MAX_LINE_CHARS and max(map(len, text.splitlines())) > _MAX_LINE_CHARS
