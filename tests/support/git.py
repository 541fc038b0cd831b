"""Real repositories, made by the git program, which no configuration of the machine reaches."""

import os
import subprocess
from pathlib import Path

WORDS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z",
}


def git(folder: Path, *words: str, editor: str = "false") -> str:
    """Run git in a folder and return what it prints; `editor` is who is asked for a message."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", "-c", "protocol.file.allow=always", *words],
        cwd=folder,
        env=kept | WORDS | {"GIT_EDITOR": editor},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


def repository(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Make a repository with one commit of these files; with none where there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    if files:
        write(folder, files)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message=Begin")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, their line ends as they are."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
