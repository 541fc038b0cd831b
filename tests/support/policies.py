"""A user who permits everything, repositories that restrict, and the policy that follows."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cloister.core.privacy import Level
from cloister.policy.decide import PrivacyPolicy
from cloister.settings.settings import PrivacySettings
from cloister.workspace.protection.protection import Places, Protection
from support.lsp_client import RawClient, environment, running

LOCAL_ONLY = "version = 1\nlocal-only = true\n"
OPEN = "version = 1\n"
_SCRIPT = Path(__file__).parents[1] / "lsp" / "script.json"
_CLOISTER = (sys.executable, "-P", "-m", "cloister")
SCRIPTED_LSP = (*_CLOISTER, "lsp", "--backend", f"scripted:{_SCRIPT}")


def mark(folder: Path, text: str = LOCAL_ONLY) -> Path:
    """Write the mark of a folder, which is made if need be, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".cloister.toml"
    path.write_text(text, encoding="utf-8")
    return path


@dataclass
class Machine:
    """The folders of a machine below `root`; each call of `policy` is another process."""

    root: Path
    problems: list[str] = field(default_factory=list)

    def policy(
        self,
        privacy: PrivacySettings | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> PrivacyPolicy:
        """Return the policy of a process that starts now; the user permits everything."""
        settings = privacy or PrivacySettings(Level.ALLOW.label)
        places = Places(self.root / "policy.toml", self.root / "state" / "local-only")
        protection = Protection(places, self.problems.extend)
        user_file = self.root / "config.toml"
        return PrivacyPolicy(lambda: settings, user_file, variables or {}, protection)

    def level(self, path: Path) -> Level:
        """Return how far a file goes in a process that starts now."""
        return self.policy().for_file(path).level


def write_user_file(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> Path:
    """Give this test a user with this settings file, and without any record."""
    path = folder / "config" / "cloister" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    return path


def serving() -> AbstractAsyncContextManager[RawClient]:
    """Run `cloister lsp` as editors do, but with a model that plays a script."""
    return running(SCRIPTED_LSP)


async def initialize(client: RawClient, folders: Sequence[Path], **params: Any) -> None:
    """Open a window with these folders, and return when its policy has been looked at."""
    listed = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
    await client.initialize(workspaceFolders=listed, **params)
    assert await client.alive()


async def privacy(client: RawClient) -> dict[str, str]:
    """Return what `cloister.status` says of privacy."""
    told = await client.request("workspace/executeCommand", {"command": "cloister.status"})
    return dict(told["result"]["privacy"])


def cloister(*arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command of ours and return when it has ended."""
    return subprocess.run(
        [*_CLOISTER, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment() | {"NO_COLOR": "1", "COLUMNS": "200"},
    )


def is_root() -> bool:
    """Return whether nothing is forbidden to this process."""
    return os.geteuid() == 0
