"""What a test does in an open VS Code and sees there: a method for each action of the driver."""

import json
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    import subprocess

_CLOSING_TIMEOUT_S = 20
_LISTENING = r"HTTP server listening on (http://\S+/)\s"


class WorkbenchError(AssertionError):
    """What a person would see did not come within the driver's deadline."""


class Workbench:
    """The open VS Code; each method is an action of the driver, and fails if it cannot be done."""

    def __init__(self, workspace: Path, server_log: Path, driver: "subprocess.Popen[str]") -> None:
        self._workspace = workspace
        self._server_log = server_log
        self._driver = driver

    def write(self, file: str, text: str) -> None:
        """Put a file into the workspace before it is opened."""
        (self._workspace / file).write_bytes(text.encode())

    def open(self, file: str) -> None:
        """Open a file of the workspace and put the cursor into its editor."""
        folder = urlencode({"folder": str(self._workspace)})
        self._do("open", url=f"{self._wait_for_address()}?{folder}", file=file)

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor before the column; both are counted from 1."""
        self._do("goTo", line=line, column=column)

    def type(self, text: str) -> None:
        """Type at a person's pace."""
        self._do("type", text=text)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each named as in `Control+End`."""
        for key in keys:
            self._do("press", key=key)

    def run_command(self, title: str) -> None:
        """Run a command from the command palette."""
        self._do("runCommand", title=title)

    def choose_from_menu(self, label: str) -> None:
        """Click the status bar item and choose from its menu."""
        self._do("chooseFromMenu", label=label)

    def wait_for_ghost(self, text: str | None = None) -> str:
        """Wait for exactly this ghost text, or for any, and return it."""
        return str(self._do("waitForGhost", text=text))

    def read_ghost(self) -> str:
        """Return the ghost text that is on the screen now; empty when there is none."""
        return str(self._do("readGhost"))

    def wait_for_text(self, text: str) -> None:
        """Wait until the editor's visible lines hold this text."""
        self._do("waitForText", text=text)

    def wait_for_message_box(self, text: str) -> None:
        """Wait until the box of the source control view holds this text."""
        self._do("waitForMessageBox", text=text)

    def wait_for_action(self, text: str) -> None:
        """Wait until the open menu of code actions has an entry with this text."""
        self._do("waitForAction", text=text)

    def choose_action(self, text: str) -> None:
        """Choose an entry of the open menu of code actions."""
        self._do("chooseAction", text=text)

    def follow_link(self, text: str) -> None:
        """Click the link in a document that holds this text."""
        self._do("followLink", text=text)

    def wait_for_place(self, file: str, line: int) -> None:
        """Wait until the cursor is in this line of this file; lines count from 1."""
        self._do("waitForPlace", file=file, line=line)

    def wait_for_status(self, label: str) -> None:
        """Wait until the status bar item says this, or has said it since the last such wait.

        So a state that lasts for a moment only is not missed.
        """
        self._do("waitForStatus", label=label)

    def read_status_tooltip(self) -> str:
        """Hover over the status bar item and return what it explains."""
        return str(self._do("readStatusTooltip"))

    def wait_for_file(self, path: Path, pattern: str) -> None:
        """Wait until another program has written what the regular expression matches."""
        self._do("waitForFile", path=str(path), pattern=pattern)

    def wait_for_toast(self, text: str) -> None:
        """Wait for a notification that holds this text."""
        self._do("waitForToast", text=text)

    def wait_for_input(self, text: str) -> None:
        """Wait until the input box with this title is open."""
        self._do("waitForInput", text=text)

    def press_in_toast(self, text: str, button: str) -> None:
        """Press a button of the notification that holds this text; it goes away."""
        self._do("pressInToast", text=text, button=button)

    def wait_for_decoration(self, text: str) -> None:
        """Wait until a decoration adds this text to a line on the screen."""
        self._do("waitForDecoration", text=text)

    def read_decorations(self) -> str:
        """Return what decorations add to the lines on the screen."""
        return str(self._do("readDecorations"))

    def read_toasts(self) -> list[str]:
        """Return the texts of all notifications ever shown."""
        return list(self._do("readToasts"))

    def save(self, file: str) -> bytes:
        """Save the active editor and return what is in the file then."""
        self.press("Control+s")
        self._do("waitForSaved", file=file)
        return (self._workspace / file).read_bytes()

    def take_screenshot(self, path: Path) -> None:
        """Save a picture of the whole window."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._do("screenshot", path=str(path))

    def close(self) -> None:
        """Close the browser; the driver does that when it is asked nothing more."""
        self._driver.communicate(timeout=_CLOSING_TIMEOUT_S)

    def _wait_for_address(self) -> str:
        self.wait_for_file(self._server_log, _LISTENING)
        found = re.search(_LISTENING, self._server_log.read_text(encoding="utf-8"))
        assert found is not None
        return found[1]

    def _do(self, action: str, **parameters: object) -> Any:
        stdin, stdout = _pipes(self._driver)
        stdin.write(json.dumps({"action": action, **parameters}) + "\n")
        stdin.flush()
        line = stdout.readline()
        answer = json.loads(line) if line else {"error": "the driver ended; see what it printed"}
        if "error" in answer:
            raise WorkbenchError(f"{action} {parameters}: {answer['error']}")
        return answer["value"]


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise TypeError("the process was started without pipes")
    return process.stdin, process.stdout
