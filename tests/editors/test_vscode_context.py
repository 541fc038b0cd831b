"""What VS Code shows of the model's context, and what it tells the server about the person."""

import pytest

from support import vscode
from support.editor_workspace import CONTEXT_TOKENS, build_index, write_workspace
from support.vscode import Home
from support.vscode_program import ScriptedProgram, write_scripted_program
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

READY = "Cloister: ready"
SHOW = "Cloister: Show What the Model Sees"


@pytest.fixture
def program(home: Home) -> ScriptedProgram:
    """Return a server for an indexed workspace, whose model has room for text of other files."""
    program = write_scripted_program(home, home.folder / "bin" / "cloister", CONTEXT_TOKENS)
    write_workspace(home.workspace)
    build_index(home.workspace, home.environment())
    return program


@pytest.mark.usefixtures("program")
def test_a_snippet_of_another_file_is_shown_and_leads_there(workbench: Workbench) -> None:
    workbench.open("app.py")
    workbench.wait_for_status(READY)
    workbench.press("Control+End")
    # Without the explorer there is room for two editors with lines that do not wrap.
    workbench.press("Control+b")
    workbench.run_command(SHOW)
    workbench.wait_for_text("# What the model sees at app.py:5")
    workbench.wait_for_text("signatures: defines circumference")
    workbench.wait_for_text("class Circle:")
    workbench.take_screenshot(vscode.ARTIFACTS / "vscode-context.png")
    workbench.follow_link("shapes.py:1-9")
    workbench.wait_for_place("shapes.py", 1)
    assert workbench.read_toasts() == []


def test_views_are_told_and_copied_text_is_not(
    program: ScriptedProgram, workbench: Workbench
) -> None:
    workbench.open("app.py")
    workbench.wait_for_status(READY)
    workbench.press("Control+a", "Control+c")
    workbench.wait_for_file(program.messages, '"cloister/didView"')
    workbench.wait_for_file(program.messages, '"cloister/didDiagnose"')
    workbench.open("shapes.py")
    workbench.wait_for_file(program.messages, '"cloister/didView".*shapes')
    assert b"cloister/didCopy" not in program.messages.read_bytes()
