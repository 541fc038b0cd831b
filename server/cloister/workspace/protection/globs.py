"""Patterns of files that enter no prompt, in the language of `.gitignore`.

A pattern without a slash matches a name anywhere below its folder, any other a path from there; a
folder that matches takes along all that is in it. Case and the ways to compose a letter never
count: some file systems ignore them, and to deny more is safe. Nothing can be brought back.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloister.workspace.files.patterns import IgnorePatterns, parse_patterns

_PARTS_OF_NO_PATH = frozenset({"", ".", ".."})


class GlobError(ValueError):
    """A pattern that cannot be understood; `str(error)` is a clause that names it."""


@dataclass(frozen=True, slots=True)
class DenyGlobs:
    """The patterns of one file, all in one and one by one."""

    together: IgnorePatterns | None
    patterns: tuple[tuple[str, IgnorePatterns], ...]

    def match(self, path: str) -> str | None:
        """Return the pattern that denies a path relative to the folder; None when none does."""
        steps = list(_steps(same_name(path)))
        if self.together is None or not _matches(self.together, steps):
            return None
        matching = (glob for glob, patterns in self.patterns if _matches(patterns, steps))
        return next(matching, "deny")


def parse_globs(globs: Sequence[str]) -> DenyGlobs:
    """Return the patterns; raises GlobError for the first one that would match nothing."""
    patterns = tuple((glob, _parsed(glob)) for glob in globs)
    return DenyGlobs(parse_patterns(_bytes(same_name("\n".join(globs)))), patterns)


def same_name(text: str) -> str:
    """Return the one form of all texts that some file system takes for the same name."""
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", composed.casefold())


def _parsed(glob: str) -> IgnorePatterns:
    parts = glob.removeprefix("/").removesuffix("/").split("/")
    if not any(char in glob for char in "\r\n") and not _PARTS_OF_NO_PATH.intersection(parts):
        patterns = parse_patterns(_bytes(same_name(glob)))
        if patterns is not None and not glob.startswith("!"):
            return patterns
    raise GlobError(f"the pattern {glob[:60]!a} cannot be understood")


def _matches(patterns: IgnorePatterns, steps: list[tuple[bytes, bytes]]) -> bool:
    return any(patterns.decision(step, name) for step, name in steps)


def _steps(path: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield path and name of each folder on the way, with a slash at the end, and of the file."""
    parts = [_bytes(part) for part in path.split("/") if part]
    way = b""
    for position, part in enumerate(parts, 1):
        name = part if position == len(parts) else part + b"/"
        way += name
        yield way, name


def _bytes(text: str) -> bytes:
    # Names that are not UTF-8 have lone surrogates in them.
    return text.encode("utf-8", "surrogatepass")
