"""Code actions in VS Code's own menu: chosen, applied as one change, undone by one key."""

import pytest

from support import vscode
from support.vscode_program import UNFINISHED, ScriptedProgram
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

SOURCE = f"{UNFINISHED}    pass\n"


@pytest.mark.usefixtures("scripted")
def test_an_action_is_chosen_applied_and_undone(workbench: Workbench) -> None:
    workbench.write("demo.py", SOURCE)
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.go_to(3, 8)
    workbench.run_command("Quick Fix...")
    workbench.wait_for_action("Implement “add”")
    workbench.take_screenshot(vscode.ARTIFACTS / "vscode-actions.png")
    workbench.choose_action("Implement “add”")
    workbench.wait_for_text("    return a + b")
    assert workbench.save("demo.py") == f"{UNFINISHED}    return a + b\n".encode()
    workbench.press("Control+z")
    assert workbench.save("demo.py") == SOURCE.encode()
    assert workbench.read_toasts() == []


def test_what_cannot_be_used_is_said_and_nothing_changes(
    scripted: ScriptedProgram, workbench: Workbench
) -> None:
    workbench.write("demo.py", SOURCE.replace("add", "broken"))
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.go_to(3, 8)
    workbench.run_command("Quick Fix...")
    workbench.choose_action("Implement “broken”")
    workbench.wait_for_toast("The model wrote nothing here")
    assert workbench.save("demo.py") == SOURCE.replace("add", "broken").encode()
    assert scripted.messages.read_bytes().count(b"codeAction/resolve") == 1
