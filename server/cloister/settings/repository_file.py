"""What a repository may say of itself in `.cloister.toml`: that it is restricted, and no more.

There is no key here for a service, a key, a model or a program, so a repository cannot choose one.
What is not understood as a whole counts as `local-only`; keys that would have no effect are
reported. Nothing here raises, whatever the bytes are.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

REPOSITORY_FILE_NAME = ".cloister.toml"
MAX_REPOSITORY_FILE_BYTES = 64 * 1024
MOST_DENY_GLOBS = 200

_VERSION = 1
_KEYS = ("version", "local-only", "deny")
_MOST_PROBLEMS = 20
# `tomllib` takes 15 seconds for a key of 30,000 parts, and nothing here needs more than one.
_MOST_DOTS_IN_A_LINE = 100
_MOST_KEY_CHARS = 60


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """What one file says.

    `broken` is a clause that says why the file cannot be used, and then it counts as local-only;
    `problems` are sentences about keys without effect. `deny` is as written, apart from negated
    patterns, which are left out.
    """

    local_only: bool = False
    deny: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    broken: str = ""

    @property
    def is_restricting(self) -> bool:
        """Whether the file as a whole means `local-only`."""
        return self.local_only or bool(self.broken)


def parse_repository_file(data: bytes) -> RepositoryFile:
    """Return what the bytes of a file say."""
    if len(data) > MAX_REPOSITORY_FILE_BYTES:
        return RepositoryFile(broken=f"it is larger than {MAX_REPOSITORY_FILE_BYTES // 1024} KB")
    if any(line.count(b".") > _MOST_DOTS_IN_A_LINE for line in data.split(b"\n")):
        return RepositoryFile(broken=f"a line has more than {_MOST_DOTS_IN_A_LINE} dots; split it")
    try:
        table = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        return RepositoryFile(broken="it is not UTF-8")
    except tomllib.TOMLDecodeError as error:
        return RepositoryFile(broken=f"it is not TOML: {_place_of(error)}")
    except (RecursionError, ValueError):
        # Whole numbers of more than 4,300 digits are a ValueError of Python's own.
        return RepositoryFile(broken="it is nested too deeply or has a number that is too long")
    return _read(table)


def _read(table: Mapping[str, object]) -> RepositoryFile:
    local_only, deny = table.get("local-only", False), table.get("deny", [])
    says_so = local_only is True
    if (broken := _reason_against(table.get("version"), local_only, deny)) is not None:
        return RepositoryFile(local_only=says_so, broken=broken)
    globs = [glob for glob in deny if isinstance(glob, str)] if isinstance(deny, list) else []
    return RepositoryFile(
        local_only=says_so,
        deny=tuple(glob for glob in globs if not glob.startswith("!")),
        problems=tuple(_problems(table, globs))[:_MOST_PROBLEMS],
    )


def _reason_against(version: object, local_only: object, deny: object) -> str | None:
    # True equals 1 in Python, and is no version.
    if version is None:
        return f"it has no `version = {_VERSION}`"
    if type(version) is not int or version != _VERSION:
        return f"its version is not {_VERSION}"
    if not isinstance(local_only, bool):
        return "`local-only` is neither true nor false"
    if not isinstance(deny, list) or not all(isinstance(glob, str) for glob in deny):
        return "`deny` is not a list of texts"
    return (
        f"`deny` has more than {MOST_DENY_GLOBS} patterns" if len(deny) > MOST_DENY_GLOBS else None
    )


def _problems(table: Mapping[str, object], globs: list[str]) -> Iterator[str]:
    if table.get("local-only") is False:
        yield "`local-only = false` has no effect: a repository can only restrict."
    for glob in globs:
        if glob.startswith("!"):
            yield f"The pattern {_shown(glob)} has no effect: nothing can be permitted here."
    for key in table:
        if key not in _KEYS:
            yield f"The key {_shown(key)} has no effect: a repository can only restrict{_hint(key)}"


def _hint(key: str) -> str:
    nearest = difflib.get_close_matches(key[:_MOST_KEY_CHARS], _KEYS, n=1, cutoff=0.7)
    return f"; did you mean {nearest[0]!r}?" if nearest else "."


def _shown(text: str) -> str:
    return f"{text[:_MOST_KEY_CHARS]!a}"


def _place_of(error: tomllib.TOMLDecodeError) -> str:
    """Return what is wrong and where, without more of the file than that."""
    return str(error).replace("\n", " ")[:120]
