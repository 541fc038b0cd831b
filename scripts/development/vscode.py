"""Everything that building the VS Code extension and driving a real VS Code needs.

VS Code comes as code-server: the same workbench and extension host, served to a browser, and the
only form that package registries carry. Each `ensure_*` function returns at once when its part is
there. A stamp file is written after the last step of a part, so that a half-finished installation
is never taken for a finished one. What cannot be had raises SetupError. Standard library only.
"""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from development.terminal import SetupError, say

CODE_SERVER_VERSION = "4.139.1"
NODE_VERSION = "24.21.0"  # the release line that code-server demands; an npm package with headers
MINIMUM_NODE_MAJOR = 20  # the build tools and the browser driver run on the machine's own node

BUILD_PACKAGES = ("build-essential", "pkg-config", "libkrb5-dev")
BROWSER_PACKAGES = ("chromium", "fonts-dejavu-core")
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass(frozen=True, slots=True)
class CodeServer:
    """How to start code-server: `node entry ...`."""

    node: Path
    entry: Path


def ensure_extension(root: Path) -> Path:
    """Return the packed extension (a VSIX), built from `editors/vscode` when a source changed."""
    extension = root / "editors" / "vscode"
    vsix = extension / "dist" / "cloister.vsix"
    stamp = vsix.with_suffix(".stamp")
    fingerprint = _fingerprint_sources(extension)
    if vsix.is_file() and _holds(stamp, fingerprint):
        return vsix
    _ensure_node_modules(root, extension)
    say("Building the VS Code extension (a few seconds) ...")
    stamp.unlink(missing_ok=True)
    for step in ("typecheck", "package"):
        _run_npm(root, extension, ["run", "--silent", step], f"{step} the VS Code extension")
    stamp.write_text(fingerprint, encoding="utf-8")
    return vsix


def ensure_driver(root: Path) -> Path:
    """Return the script that drives the browser, with its dependencies installed beside it."""
    driver = root / "tests" / "editors" / "vscode"
    _ensure_node_modules(root, driver)
    return driver / "driver.mjs"


def ensure_code_server(root: Path) -> CodeServer:
    """Return code-server and the node it runs on, installed under `.dev/code-server`."""
    home = root / ".dev" / "code-server"
    node_package = home / "node_modules" / f"node-linux-{_node_architecture()}"
    node = node_package / "bin" / "node"
    code_server = home / "node_modules" / "code-server"
    versions = f"node {NODE_VERSION}, code-server {CODE_SERVER_VERSION}\n"
    if not _holds(home / "stamp", versions):
        _ensure_debian_packages(BUILD_PACKAGES)
        say("Installing VS Code (code-server); compiles for 2 minutes on two idle cores ...")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _install(root, home, f"{node_package.name}@{NODE_VERSION}")
        _install(root, home, f"code-server@{CODE_SERVER_VERSION}", _environment_for(node_package))
        (home / "stamp").write_text(versions, encoding="utf-8")
    return CodeServer(node, code_server / "out" / "node" / "entry.js")


def ensure_chromium(root: Path) -> Path:
    """Return a Chromium-based browser, installed with apt-get where there is none.

    `root` is unused: the browser belongs to the machine; all `ensure_*` functions are called alike.
    """
    del root
    browser = find_chromium()
    if browser is None:
        say("Installing Chromium (110 MB, about a minute) ...")
        _ensure_debian_packages(BROWSER_PACKAGES)
        browser = find_chromium()
    if browser is None:
        raise SetupError("No browser found: install Chromium and put it on the PATH.")
    return browser


def find_chromium() -> Path | None:
    """Return the first Chromium-based browser on the PATH."""
    found = (shutil.which(name) for name in BROWSER_NAMES)
    return next((Path(path) for path in found if path), None)


def _fingerprint_sources(extension: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted([*extension.iterdir(), *(extension / "src").iterdir()]):
        if path.is_file():
            name = path.relative_to(extension).as_posix()
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _ensure_node_modules(root: Path, folder: Path) -> None:
    lock = folder / "package-lock.json"
    fingerprint = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".cloister-stamp"
    if _holds(stamp, fingerprint):
        return
    name = folder.relative_to(root).as_posix()
    say(f"Installing the npm packages of {name} (about 20 seconds) ...")
    # No package here needs its install script: esbuild and vsce run without, and fewer scripts
    # of strangers run on the developer's machine.
    _run_npm(root, folder, ["ci", "--ignore-scripts"], f"install the packages of {name}")
    stamp.write_text(fingerprint, encoding="utf-8")


def _install(
    root: Path, folder: Path, package: str, environment: Mapping[str, str] | None = None
) -> None:
    _run_npm(root, folder, ["install", package], f"install {package}", environment)


def _environment_for(node_package: Path) -> dict[str, str]:
    # Native modules must be compiled for the node that will load them. Without `nodedir` npm
    # would download headers, and a `nodedir` of the user's would name another node's headers.
    # npm looks for the machine's configuration beside its node, so it has to be told where it is.
    query = [_find_npm(), "config", "get", "globalconfig"]
    machine_configuration = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    return {
        "PATH": f"{node_package / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_globalconfig": machine_configuration.strip(),
        "npm_config_nodedir": str(node_package),
    }


def _run_npm(
    root: Path,
    folder: Path,
    arguments: Sequence[str],
    purpose: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    log = root / ".dev" / "npm.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [_find_npm(), *arguments, "--no-audit", "--no-fund", "--no-update-notifier"]
    with log.open("w", encoding="utf-8") as output:
        result = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode != 0:
        raise SetupError(f"npm could not {purpose}: read {log} and run the command again.")


def _find_npm() -> str:
    npm, node = shutil.which("npm"), shutil.which("node")
    needed = f"install Node.js {MINIMUM_NODE_MAJOR} or newer with npm and put both on the PATH"
    if npm is None or node is None:
        raise SetupError(f"Node.js is missing: {needed}.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < MINIMUM_NODE_MAJOR:
        raise SetupError(f"Node.js {version.strip()} is too old: {needed}.")
    return npm


def _node_architecture() -> str:
    architectures = {"x86_64": "x64", "aarch64": "arm64"}
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in architectures:
        raise SetupError(
            f"The tests in VS Code need Linux on x86-64 or arm64, not {platform.system()} on "
            f"{machine}: run them there."
        )
    return architectures[machine]


def _ensure_debian_packages(packages: Sequence[str]) -> None:
    missing = [package for package in packages if not _is_installed(package)]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise SetupError(
            f"Debian packages are missing ({', '.join(missing)}): run `sudo {' '.join(install)}`."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        result = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if result.returncode != 0:
            raise SetupError(f"`{' '.join(command)}` failed: run it and read what it says.")


def _is_installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return False
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    status = subprocess.run(query, capture_output=True, text=True, check=False)
    return status.stdout == "installed"


def _holds(stamp: Path, content: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == content
