"""P03: a repository's git configuration runs nothing, and git's files decide about no policy."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from dulwich.repo import Repo

from support.policies import (
    cloister,
    initialize,
    mark,
    privacy,
    serving,
    write_user_file,
)
from support.repositories import commit

TRAPS = """
[core]
\tfsmonitor = touch {trace}
\thooksPath = {hooks}
\tpager = touch {trace}
\tsshCommand = touch {trace}
\teditor = touch {trace}
[diff "trap"]
\ttextconv = touch {trace}
[filter "trap"]
\tclean = touch {trace}
\tsmudge = touch {trace}
[alias]
\tstatus = !touch {trace}
[include]
\tpath = {hooks}/more
"""


def set_traps(repository: Path, trace: Path) -> None:
    hooks = repository / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-checkout", "post-index-change", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {trace}\n")
        (hooks / name).chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=trap diff=trap\n")
    config = repository / ".git" / "config"
    config.write_text(config.read_text() + TRAPS.format(trace=trace, hooks=hooks))


def spring(repository: Path, trace: Path) -> None:
    """Show, where there is a git, that it is caught."""
    if (git := shutil.which("git")) is not None:
        subprocess.run([git, "status"], cwd=repository, capture_output=True, check=False)
        assert trace.exists()
        trace.unlink()


async def test_p03_the_configuration_of_a_repository_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root, trace = tmp_path / "repository", tmp_path / "trace"
    with Repo.init(str(root), mkdir=True) as repo:
        path = mark(root)
        commit(repo, {"a.py": "one = 1\n", ".cloister.toml": path.read_text()}, 1)
    set_traps(root, trace)
    (root / "a.py").write_text("one = 2\n")
    spring(root, trace)
    assert cloister("policy", "verify", str(root)).returncode == 0
    assert cloister("index", str(root)).returncode == 0
    async with serving() as client:
        await initialize(client, [root])
        client.open((root / "a.py").as_uri(), "one = 2\n")
        assert await client.completed((root / "a.py").as_uri(), 1, 0) == ""
        assert (await privacy(client))["level"] == "local-only"
        assert await client.bye() == 0
    assert not trace.exists()


@pytest.mark.parametrize("kind", ["file elsewhere", "linked folder", "linked commondir"])
def test_p03_what_git_is_told_to_be_does_not_matter(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trusted repository elsewhere says nothing about a folder that pretends to belong to it."""
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "allow"\n')
    trusted, root = tmp_path / "trusted", tmp_path / "repository"
    with Repo.init(str(trusted), mkdir=True) as repo:
        commit(repo, {"a.py": "one = 1\n", ".cloister.toml": "version = 1\n"}, 1)
    mark(root)
    if kind == "file elsewhere":
        (root / ".git").write_text(f"gitdir: {trusted / '.git'}\n")
    elif kind == "linked folder":
        (root / ".git").symlink_to(trusted / ".git")
    else:
        (root / ".git").mkdir()
        (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        (root / ".git" / "commondir").symlink_to(trusted / ".git")
    said = json.loads(cloister("policy", "check", str(root / "a.py"), "--json").stdout)
    assert said["level"] == "local-only"
    assert said["decided_by"]["path"] == str(root / ".cloister.toml")
    # It is not known what is committed here, so nobody is told that it is protected.
    assert cloister("policy", "verify", str(root)).returncode == 1
