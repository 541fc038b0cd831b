"""The language of `.gitignore`, with git's own word for what every case means."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.files.patterns import parse_patterns

# Lines of an ignore file, what it leaves out and what it keeps; a slash at the end is a folder.
CASES = {
    "a name anywhere": ("a.py", "a.py x/a.py x/y/a.py", "b.py a.pyi"),
    "a star stops at a slash": ("x/*.py", "x/a.py", "x/y/a.py a.py y/x/a.py"),
    "a star may match nothing": ("x/a*.py", "x/a.py x/ab.py", "x/b.py"),
    "a whole star matches a name": ("x/*", "x/a x/b/", "a"),
    "one character": ("a?.py", "ab.py", "a.py abc.py"),
    "with a slash it is a path": ("x/a.py", "x/a.py", "y/x/a.py a.py"),
    "with a slash at the beginning": ("/a.py", "a.py", "x/a.py"),
    "folders only": ("build/", "build/ x/build/", "build x/build"),
    "folders only, by path": ("/x/build/", "x/build/", "build/ y/x/build/"),
    "two stars at the beginning": ("**/a.py", "a.py x/a.py x/y/a.py", "b.py"),
    "two stars at the end": ("x/**", "x/a x/y/ x/y/a", "x/ a"),
    "two stars between": ("x/**/a.py", "x/a.py x/y/a.py x/y/z/a.py", "a.py y/a.py"),
    "two stars in a name are one": ("?a**b.py", "xab.py xaxb.py", "ab.py"),
    "two stars after the first part of a name": ("x**/a", "x/a xa xy/a xy/z/a", "a y/a"),
    "two stars and nothing else": ("**", "a x/ x/a", ""),
    "two stars for folders": ("x/**/", "x/y/ x/y/z/", "x/a x/"),
    "the last one wins": ("*.py\n!a.py\nx/a.py", "b.py x/a.py", "a.py y/a.py"),
    "names and paths together": ("/x/*\n!a.py", "x/b.py", "x/a.py"),
    "a negated folder": ("x/*\n!x/y/", "x/a x/b/", "x/y/"),
    "a set": ("[ab].py", "a.py b.py", "c.py ab.py"),
    "a set of others": ("[!ab].py", "c.py", "a.py b.py"),
    "a range": ("[a-c].py", "a.py b.py c.py", "d.py"),
    "a class": ("[[:digit:]].py", "1.py", "a.py"),
    "a set with a bracket": ("[]a].py", "].py a.py", "b.py"),
    "no set matches a slash": ("x[!y]a", "xza", "x/a"),
    "a set without an end matches nothing": ("[a\nb", "b", "a [a"),
    "a comment": ("#a", "", "a #a"),
    "an escaped sign": (r"\#a" + "\n" + r"\!b", "#a !b", "a b"),
    "an escaped star": (r"a\*", "a*", "ab a"),
    "spaces at the end": ("a  \nb\\ ", "a", "b"),
    "a backslash at the end matches nothing": ("a\\", "", "a a\\"),
    "lines of Windows": ("a\r\nb\r\n", "a b", "c"),
    "a byte order mark": ("\ufeffa", "a", "b"),
    "lines that say nothing": ("\n  \n/\n!\n//\n", "", "a x/ x/a"),
    "names that are not ASCII": ("ä*", "ä äb", "a"),
}


def check_patterns(lines: str, ignored: str, kept: str) -> None:
    patterns = parse_patterns(lines.encode())
    for expected, paths in ((True, ignored.split()), (False, kept.split())):
        for path in paths:
            name = path.rstrip("/").rpartition("/")[2] + "/" * path.endswith("/")
            decision = patterns.decision(path.encode(), name.encode()) if patterns else None
            assert (decision is True) is expected, path


@pytest.mark.parametrize(("lines", "ignored", "kept"), CASES.values(), ids=CASES)
def test_patterns(lines: str, ignored: str, kept: str) -> None:
    check_patterns(lines, ignored, kept)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("lines", "ignored", "kept"), CASES.values(), ids=CASES)
def test_git_agrees(tmp_path: Path, lines: str, ignored: str, kept: str) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_bytes(lines.encode())
    for expected, paths in ((True, ignored.split()), (False, kept.split())):
        for path in paths:
            assert git_ignores(tmp_path, path) is expected, path


def git_ignores(root: Path, path: str) -> bool:
    """Ask git about one path, alone so that no folder above it decides."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.mkdir() if path.endswith("/") else place.write_text("")
    command = ["git", "-C", root, "-c", "core.excludesFile=/dev/null", "check-ignore", "-v", "-n"]
    said = subprocess.run(
        [*command, path.rstrip("/")], check=False, capture_output=True, text=True
    ).stdout
    first = root / path.partition("/")[0]
    shutil.rmtree(first) if first.is_dir() else first.unlink()
    pattern = said.partition("\t")[0].split(":", 2)[2]
    # A pattern that matched a folder above the path says nothing of the path itself.
    return bool(pattern) and not pattern.startswith("!")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 300 + "*b", "a" * 250),
        ("**/*a*/**/" * 60 + "x", "aaaa/" * 600 + "y"),
        ("?*" * 300 + "b", "a" * 255),
    ],
)
def test_hostile_patterns_end(pattern: str, path: str) -> None:
    check_patterns(pattern, "", path)


def test_bounds() -> None:
    assert parse_patterns(b"a" * 2_000) is None
    many = parse_patterns(b"\n".join(b"a%d" % number for number in range(3_000)))
    assert many is not None
    assert many.decision(b"a1999", b"a1999") is True
    assert many.decision(b"a2000", b"a2000") is None


@given(st.binary(max_size=200), st.binary(max_size=30))
def test_anything_can_be_asked(lines: bytes, path: bytes) -> None:
    patterns = parse_patterns(lines)
    if patterns is not None:
        assert patterns.decision(path, path.rpartition(b"/")[2]) in (True, False, None)
