"""A code action as it is done in VS Code: seen, cancelled, refused when the text has changed."""

import json
import os
import sys

import pytest

from support import vscode
from support.vscode import Home
from support.vscode_program import UNFINISHED
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

SOURCE = f"{UNFINISHED}    pass\n"
HELD = SOURCE.replace("add", "held")


def begin(workbench: Workbench, text: str, action: str) -> None:
    """Choose an action in a file with this text."""
    workbench.write("demo.py", text)
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.go_to(3, 8)
    workbench.run_command("Quick Fix...")
    workbench.choose_action(action)


@pytest.mark.usefixtures("scripted")
def test_an_action_is_seen_and_cancelled(workbench: Workbench) -> None:
    begin(workbench, HELD, "Implement “held”")
    workbench.wait_for_decoration("Reading the file")
    workbench.take_screenshot(vscode.ARTIFACTS / "vscode-watched-action.png")
    workbench.wait_for_toast("Implement “held”: Reading the file")
    workbench.press_in_toast("Implement “held”", "Cancel")
    workbench.go_to(1, 1)
    assert workbench.save("demo.py") == HELD.encode()
    assert "Reading the file" not in workbench.read_decorations()
    assert [it for it in workbench.read_toasts() if not it.startswith("Implement")] == []


@pytest.mark.usefixtures("scripted")
def test_who_edits_meanwhile_keeps_the_edit(home: Home, workbench: Workbench) -> None:
    line = home.folder / "line"
    os.mkfifo(line)
    write_check(home, f"open({str(line)!r}, 'w').write('.'); open({str(line)!r}).read()")
    begin(workbench, SOURCE, "Implement “add”")
    assert line.read_text() == "."
    workbench.wait_for_decoration("Checking with")
    workbench.go_to(1, 1)
    workbench.type("# mine ")
    workbench.wait_for_text("# mine def add(a, b):")
    line.write_text(".")
    workbench.wait_for_toast("The document has changed since, so nothing was done; ask again.")
    assert workbench.save("demo.py") == f"# mine {SOURCE}".encode()


def write_check(home: Home, code: str) -> None:
    """Have a program of the user's check what an action writes."""
    program = home.folder / "lint.py"
    program.write_text(code)
    command = json.dumps([sys.executable, str(program), "{file}"])
    file = home.folder / ".config" / "cloister" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f"[checks.python]\ncommand = {command}\n")
