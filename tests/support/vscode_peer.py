"""An extension with a language server of its own in a VS Code under test: the peer of ours."""

import dataclasses
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from support.vscode import ROOT, Home, add_extension

_EXTENSION = ROOT / "editors" / "vscode"
_SOURCE = ROOT / "tests" / "editors" / "vscode" / "peer" / "extension.js"
_SERVER = ROOT / "tests" / "support" / "rename_server.py"
_MANIFEST = {
    "name": "renames-words",
    "publisher": "tests",
    "version": "1.0.0",
    "engines": {"vscode": "^1.91.0"},
    "main": "./extension.js",
    "activationEvents": ["onLanguage:python"],
}


def with_peer(home: Home) -> Home:
    """Return the home with another extension, whose server renames words of Python files."""
    extensions = home.folder / "extensions"
    shutil.copytree(home.extensions, extensions)
    vsix = home.folder / "peer.vsix"
    server = {"command": sys.executable, "args": [str(_SERVER)]}
    with zipfile.ZipFile(vsix, "w") as package:
        package.writestr("extension/package.json", json.dumps(_MANIFEST))
        package.writestr("extension/server.json", json.dumps(server))
        package.writestr("extension/extension.js", _bundled(home.folder / "peer.js").read_bytes())
    add_extension(home.folder, extensions, vsix)
    return dataclasses.replace(home, extensions=extensions)


def _bundled(target: Path) -> Path:
    """Return the extension with its libraries, those that ours is built with."""
    esbuild = _EXTENSION / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--external:vscode", f"--outfile={target}"]
    libraries = {"NODE_PATH": str(_EXTENSION / "node_modules"), "PATH": "/usr/bin:/bin"}
    command = [str(esbuild), str(_SOURCE), "--log-level=error", *options]
    subprocess.run(command, env=libraries, check=True, timeout=60)
    return target
