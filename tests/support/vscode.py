"""A real VS Code for tests: code-server in a throw-away home, and a browser in which to type.

Nothing is installed here: `scripts/dev.py test` does that. Everything that is started belongs to
one process group and ends with the context that started it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.vscode_workbench import Workbench

ROOT = Path(__file__).resolve().parents[2]
CODE_SERVER = ROOT / ".dev" / "code-server"
VSIX = ROOT / "editors" / "vscode" / "dist" / "cloister.vsix"
DRIVER = ROOT / "tests" / "editors" / "vscode" / "driver.mjs"
ARTIFACTS = ROOT / ".dev" / "artifacts"

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_USER_SETTINGS = {
    "chat.disableAIFeatures": True,
    "editor.accessibilitySupport": "off",
    "editor.fontFamily": "DejaVu Sans Mono",
    "editor.minimap.enabled": False,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "git.enabled": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}


def find_missing_part() -> str | None:
    """Return what the tests in VS Code lack on this machine, or None when all is there."""
    parts = {
        "code-server": (CODE_SERVER / "stamp").is_file(),
        "a Chromium browser": _find_browser() is not None,
        "the packed extension": VSIX.is_file(),
        "the npm packages of the driver": (DRIVER.parent / "node_modules").is_dir(),
        "Node.js": shutil.which("node") is not None,
    }
    missing = [name for name, present in parts.items() if not present]
    return ", ".join(missing) or None


@dataclass(frozen=True, slots=True)
class Home:
    """The throw-away folders of one VS Code; `runtime` is short, as socket paths must be."""

    folder: Path
    runtime: Path
    extensions: Path

    @property
    def workspace(self) -> Path:
        """The folder that VS Code opens."""
        return self.folder / "workspace"

    def environment(self) -> dict[str, str]:
        """Return the environment of VS Code, and so of the language server."""
        return {
            "EXTENSIONS_GALLERY": "{}",  # nothing is looked up on the internet
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": str(self.runtime),
            # Otherwise VS Code would take the PATH from the login shell of the machine's user.
            "VSCODE_CLI": "1",
        }

    def write_machine_settings(self, settings: Mapping[str, object]) -> None:
        """Write settings of the scope `machine`, which a remote VS Code reads nowhere else."""
        _write_json(self.folder / "data" / "Machine" / "settings.json", settings)

    def write_user_settings(self, settings: Mapping[str, object]) -> None:
        """Write the user's settings: those that keep VS Code calm, and the given ones."""
        _write_json(self.folder / "data" / "User" / "settings.json", {**_USER_SETTINGS, **settings})


def install_extension(folder: Path) -> Path:
    """Install the packed extension into an extensions folder below `folder`, and return it."""
    extensions = folder / "extensions"
    add_extension(folder, extensions, VSIX)
    return extensions


def add_extension(folder: Path, extensions: Path, vsix: Path) -> None:
    """Install a packed extension into an extensions folder."""
    subprocess.run(
        [*_code_server(folder, extensions), "--install-extension", str(vsix)],
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        timeout=60,
    )


@contextlib.contextmanager
def make_home(folder: Path, extensions: Path) -> Iterator[Home]:
    """Make the folders of one VS Code, whose extensions are already in `extensions`."""
    with tempfile.TemporaryDirectory(prefix="cloister-") as runtime:
        home = Home(folder, Path(runtime), extensions)
        home.workspace.mkdir(parents=True)
        home.write_user_settings({})
        yield home


@contextlib.contextmanager
def run_vscode(home: Home) -> Iterator[Workbench]:
    """Run code-server and a browser for one home."""
    server_log = home.folder / "code-server.log"
    with _run_server(home, server_log), _run_driver() as driver:
        workbench = Workbench(home.workspace, server_log, driver)
        yield workbench
        workbench.close()


@contextlib.contextmanager
def _run_server(home: Home, log: Path) -> Iterator[None]:
    command = [
        *_code_server(home.folder, home.extensions),
        *("--auth", "none", "--bind-addr", "127.0.0.1:0"),
        *("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"),
        str(home.workspace),
    ]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            env=home.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with _ending(process):
        yield


@contextlib.contextmanager
def _run_driver() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        ["node", str(DRIVER), str(_find_browser())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process, _ending(process):
        yield process


@contextlib.contextmanager
def _ending(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """End the process and all that it started, whatever happens."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):  # It may have ended by itself.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _code_server(folder: Path, extensions: Path) -> list[str]:
    modules = CODE_SERVER / "node_modules"
    (node,) = modules.glob("node-linux-*/bin/node")
    return [
        *(str(node), str(modules / "code-server" / "out" / "node" / "entry.js")),
        *("--config", str(folder / "config.yaml")),
        *("--user-data-dir", str(folder / "data")),
        *("--extensions-dir", str(extensions)),
    ]


def _find_browser() -> str | None:
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
