"""P06: a mark that cannot be used means local-only, is said once, and costs nothing."""

import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloister.core.privacy import LayerKind, Level
from support.policies import Machine, is_root, mark

_GIGABYTE = 1024**3
_NOBODY = 65534
_OPEN = b"version = 1\n"


def _huge(path: Path) -> None:
    path.write_bytes(_OPEN)
    os.truncate(path, _GIGABYTE)


def _linked(path: Path) -> None:
    path.with_name("real.toml").write_bytes(_OPEN)
    path.symlink_to("real.toml")


def _holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": _holding(b""),
    "not TOML": _holding(b"<<<<<<< HEAD\nversion = 1\n"),
    "not UTF-8": _holding(_OPEN + b'deny = ["\xff"]\n'),
    "a byte order mark": _holding(b"\xef\xbb\xbf" + _OPEN),
    "UTF-16": _holding("version = 1\n".encode("utf-16")),
    "10,000 arrays in each other": _holding(_OPEN + b"a = " + b"[" * 10_000),
    "10,000 tables in each other": _holding(_OPEN + b"a = " + b"{a=" * 10_000),
    "a key of 20,000 parts": _holding(_OPEN + b"a." * 20_000 + b"b = 1\n"),
    "a number of 60,000 digits": _holding(b"version = " + b"1" * 60_000),
    "no version": _holding(b"local-only = false\n"),
    "an unknown version": _holding(b"version = 2\n"),
    "a version that is no number": _holding(b'version = "1"\n'),
    "a version that is a truth": _holding(b"version = true\n"),
    "a wrong type": _holding(_OPEN + b'local-only = "false"\n'),
    "one pattern instead of a list": _holding(_OPEN + b'deny = "secrets/"\n'),
    "a pattern that is no text": _holding(_OPEN + b"deny = [1]\n"),
    "a pattern that matches nothing": _holding(_OPEN + b'deny = ["[a"]\n'),
    "a pattern with a dot for this folder": _holding(_OPEN + b'deny = ["./secrets"]\n'),
    "too many patterns": _holding(_OPEN + b"deny = [" + b'"a",' * 201 + b"]\n"),
    "too large": _holding(_OPEN + b"#" * 65_536),
    "a gigabyte": _huge,
    "a folder": Path.mkdir,
    "a fifo": os.mkfifo,
    "a link": _linked,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_p06_a_broken_mark_restricts_and_is_said_once(name: str, tmp_path: Path) -> None:
    machine, folder = Machine(tmp_path), tmp_path / "repository"
    folder.mkdir()
    BROKEN[name](folder / ".cloister.toml")
    policy = machine.policy()
    tracemalloc.start()
    verdict = policy.for_file(folder / "a.py")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert verdict.level is Level.LOCAL_ONLY
    assert verdict.decided_by.kind is LayerKind.REPOSITORY
    policy.for_file(folder / "b.py")
    assert len(machine.problems) == 1
    assert machine.problems[0].startswith(f"{folder}/.cloister.toml counts as local-only")
    assert peak_bytes < 10_000_000


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the right to read everything, which only root has."""
    if not is_root():
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_p06_what_may_not_be_read_restricts(what: str) -> None:
    # Not below a folder that only its owner may enter, as pytest's own.
    with tempfile.TemporaryDirectory(prefix="cl", dir="/tmp") as name:
        root, folder = Path(name), Path(name) / "repository"
        path = mark(folder, "version = 1\n")
        root.chmod(0o755)
        machine = Machine(root / "home")
        with as_nobody():
            assert machine.level(folder / "a.py") is Level.ALLOW
        (path if what == "file" else folder).chmod(0)
        with as_nobody():
            assert machine.level(folder / "a.py") is Level.LOCAL_ONLY
        folder.chmod(0o755)


def test_p06_the_administrators_file_is_no_exception(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "policy.toml").write_text("nonsense")
    verdict = machine.policy().for_file(tmp_path / "a.py")
    assert verdict.level is Level.LOCAL_ONLY
    assert verdict.decided_by.kind is LayerKind.ADMINISTRATOR


def test_p06_a_broken_mark_restricts_until_the_process_ends(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    path = mark(tmp_path / "repository", "version =")
    policy = machine.policy()
    assert policy.for_file(path).level is Level.LOCAL_ONLY
    path.write_text("version = 1\n")
    assert policy.for_file(path).level is Level.LOCAL_ONLY
    assert machine.level(path) is Level.ALLOW
