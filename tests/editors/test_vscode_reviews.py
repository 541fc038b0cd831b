"""A review in VS Code: its findings are problems of the editor, fixed by its own menus."""

import json

import pytest

from support import vscode
from support.vscode import Home
from support.vscode_program import ScriptedProgram, write_scripted_program
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

SOURCE = "def first(a):\n    result = a\n    return a\n"
FIXED = "def first(a):\n    return a\n"
UNUSED = "The name is never used."
RULES = (
    {"instruction": "Review this code", "text": f"LINE: result = a\nWARNING: {UNUSED}\n"},
    {"instruction": f"{UNUSED}\nIt is reported", "text": f"```python\n{FIXED}```\n"},
)


@pytest.fixture
def reviewer(home: Home) -> ScriptedProgram:
    program = write_scripted_program(home, home.folder / "bin" / "cloister")
    script = home.folder / "script.json"
    script.write_text(json.dumps({"rules": RULES, "context_tokens": 2048}), encoding="utf-8")
    home.write_machine_settings({"cloister.path": str(program.path)})
    return program


def test_findings_are_problems_and_are_fixed(
    reviewer: ScriptedProgram, workbench: Workbench
) -> None:
    workbench.write("demo.py", SOURCE)
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.go_to(2, 5)
    workbench.run_command("Quick Fix...")
    workbench.choose_action("Review “first”")
    # What VS Code shows it tells us again, as of any server.
    workbench.wait_for_file(reviewer.messages, f'"cloister/didDiagnose".*{UNUSED}')
    workbench.take_screenshot(vscode.ARTIFACTS / "vscode-reviews.png")
    workbench.run_command("Source Action...")
    workbench.choose_action("Fix 1 problem in this file")
    workbench.wait_for_text("def first(a):\n    return a")
    assert workbench.save("demo.py") == FIXED.encode()
    workbench.press("Control+z")
    assert workbench.save("demo.py") == SOURCE.encode()
    assert workbench.read_toasts() == []
