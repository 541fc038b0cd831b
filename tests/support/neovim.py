"""A real Neovim for tests: an attached screen of its own, keys typed as a person would.

Nothing is installed here: `scripts/dev.py test` does that. Neovim runs in throw-away folders with
only the plugin on its path, and the server it starts ends with it.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pynvim  # type: ignore[import-untyped]  # it ships no types

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "editors" / "nvim"
ARTIFACTS = ROOT / ".dev" / "artifacts"
VERSIONS = ("0.12", "0.11", "0.10")
COLUMNS, LINES = 100, 40

Rule = Mapping[str, object]
Seen = TypeVar("Seen")

_DEADLINE_S = 20
_SCREEN = """
vim.cmd.redraw()
local rows = {}
for y = 1, vim.o.lines do
  local cells = {}
  for x = 1, vim.o.columns do cells[x] = vim.fn.screenstring(y, x) end
  rows[y] = (table.concat(cells):gsub('%s+$', ''))
end
return rows
"""


def find_neovim(version: str) -> Path | None:
    """Return the Neovim of a version that was set up for the tests, or None."""
    own = os.environ.get(f"CLOISTER_NVIM_{version.replace('.', '_')}")
    folder = ROOT / ".dev" / f"neovim-{version}"
    if own:
        return Path(own)
    return folder / "bin/nvim" if (folder / "stamp").is_file() else None


def wait_until(look: Callable[[], Seen], what: str) -> Seen:
    """Return the first true value that `look` sees; raises AssertionError when there is none."""
    deadline = time.monotonic() + _DEADLINE_S
    while True:
        if seen := look():
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {_DEADLINE_S} s in vain until {what}")
        # Neovim has no event for "the screen shows": looking is a request that it answers itself.
        time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Editor:
    """One running Neovim; `nvim` is its API."""

    nvim: pynvim.Nvim
    folder: Path

    def open(self, name: str, marked: str) -> None:
        """Open a new file with the text of `marked`, in insert mode where its `║` stands."""
        before, _, after = marked.partition("║")
        path = self.folder / "project" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((before + after).encode())
        self.nvim.command(f"edit {path}")
        self.wait_until_attached()
        self.nvim.input("i")
        wait_until(lambda: self.nvim.api.get_mode()["mode"] == "i", "it is in insert mode")
        row, column = before.count("\n") + 1, len(before.rpartition("\n")[2].encode())
        self.nvim.api.win_set_cursor(0, (row, column))

    def wait_until_attached(self) -> None:
        """Wait until suggestions can appear in the current buffer."""
        look = "return require('cloister').is_attached(vim.api.nvim_get_current_buf())"
        wait_until(lambda: self.lua(look), "the server is attached")

    def type(self, keys: str) -> None:
        """Type keys in Neovim's notation."""
        self.nvim.input(keys)

    def lua(self, code: str, *arguments: object) -> Any:
        """Run Lua code and return what it returns."""
        return self.nvim.exec_lua(code, *arguments)

    @property
    def text(self) -> str:
        """The text of the current buffer."""
        return "\n".join(self.nvim.current.buffer[:])

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's line from 1 and byte column from 0."""
        row, column = self.nvim.current.window.cursor
        return row, column

    @property
    def screen(self) -> str:
        """What the screen shows, without trailing blanks."""
        return "\n".join(self.lua(_SCREEN))

    @property
    def messages(self) -> str:
        """Everything that `:messages` holds."""
        return str(self.nvim.api.exec2("messages", {"output": True})["output"])

    def wait_for_text(self, expected: str) -> None:
        """Wait until the buffer holds exactly `expected`."""
        self._wait_for(lambda: self.text == expected, f"the buffer is {expected!r}")

    def wait_for_screen(self, expected: str) -> None:
        """Wait until the screen shows the lines of `expected` below each other."""
        self._wait_for(lambda: expected in self.screen, f"the screen shows {expected!r}")

    def wait_for_ghost(self, expected: str | None = None) -> str:
        """Wait until a suggestion (exactly `expected`, if given) is shown and return it."""

        def look() -> bool:
            return bool(self.ghost) if expected is None else self.ghost == expected

        self._wait_for(look, f"the suggestion {expected or ''!r} is shown")
        return self.ghost

    @property
    def ghost(self) -> str:
        """The virtual text in the current buffer; empty when there is none."""
        marks = self.nvim.api.buf_get_extmarks(0, -1, 0, -1, {"details": True})
        lines = [
            "".join(chunk[0] for chunk in line)
            for *_, details in marks
            for line in (details.get("virt_text", []), *details.get("virt_lines", []))
        ]
        return "\n".join(lines)

    def run(self, command: str) -> str:
        """Run an Ex command and return what it displays."""
        return str(self.nvim.api.exec2(command, {"output": True})["output"])

    @property
    def status(self) -> Any:
        """What the server answers to `cloister.status`."""
        client = "vim.lsp.get_clients({ name = 'cloister' })[1]"
        return self.lua(f"return (require('cloister.status').wait({client}, 10000))")

    @property
    def n_accepted(self) -> int:
        """How many acceptances the server has counted."""
        return int(self.status["counts"]["accepted"])

    @property
    def server_log(self) -> str:
        """Neovim's log of language servers, in which every message stands."""
        path = self.lua("return require('vim.lsp.log').get_filename()")
        return Path(path).read_text(encoding="utf-8")

    def _wait_for(self, look: Callable[[], bool], what: str) -> None:
        try:
            wait_until(look, what)
        except AssertionError as error:
            shown = f"{self.screen}\n--- messages\n{self.messages}"
            raise AssertionError(f"{error}\n--- screen\n{shown}") from None


@contextlib.contextmanager
def run_neovim(binary: Path, folder: Path, options: Mapping[str, object]) -> Iterator[Editor]:
    """Run a Neovim with `vim.g.cloister = options`; what it starts ends with the context."""
    # A socket's path is limited to about 100 bytes, so its folder must be a short one.
    with tempfile.TemporaryDirectory(prefix="nvim-") as runtime:
        environment = _environment(folder, runtime, options)
        address = str(Path(runtime) / "nvim.sock")
        command = [str(binary), "--listen", address, *_arguments()]
        process = subprocess.Popen(command, env=environment, start_new_session=True)
        try:
            wait_until(lambda: _is_listening(address), "Neovim listens")
            with _connected(address, process) as nvim:
                nvim.ui_attach(COLUMNS, LINES, rgb=True)
                yield Editor(nvim, folder)
        finally:
            _kill(process)


def scripted(folder: Path, *rules: Rule, context_tokens: int = 1024) -> dict[str, object]:
    """Write a script and return the options with which the server answers from it."""
    script = folder / "script.json"
    facts = {"rules": rules, "context_tokens": context_tokens}
    script.write_text(json.dumps(facts), encoding="utf-8")
    return {"cmd": ["cloister", "lsp", "--backend", f"scripted:{script}"]}


def cache_folder(folder: Path) -> Path:
    """Return where what runs in a Neovim keeps its caches."""
    return folder / "CACHE"


def _arguments() -> list[str]:
    setup = [
        f"set runtimepath^={PLUGIN}",
        # A message of several lines would otherwise wait for a key.
        "set cmdheight=4",
        "let g:cloister = json_decode($CLOISTER_TEST_OPTIONS)",
        "lua require('vim.lsp.log').set_level('debug')",
    ]
    flags = [argument for command in setup for argument in ("--cmd", command)]
    return ["--headless", "--clean", "-n", *flags]


def _environment(folder: Path, runtime: str, options: Mapping[str, object]) -> dict[str, str]:
    kinds = ("CONFIG", "CACHE", "DATA", "STATE")
    return {
        **{f"XDG_{kind}_HOME": str(folder / kind) for kind in kinds},
        "CLOISTER_TEST_OPTIONS": json.dumps(options),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_RUNTIME_DIR": runtime,
    }


def _is_listening(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(address) == 0


@contextlib.contextmanager
def _connected(address: str, process: subprocess.Popen[bytes]) -> Iterator[pynvim.Nvim]:
    nvim = pynvim.attach("socket", path=address)
    try:
        yield nvim
    finally:
        _kill(process)
        # The client notices only by a request that Neovim is gone, and releases the connection.
        with contextlib.suppress(OSError, EOFError):
            nvim.command("")
        nvim.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    # The server that Neovim started belongs to its process group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
