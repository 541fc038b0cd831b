"""What the person says in VS Code's input box is done with the function at the cursor."""

import json
import shlex

import pytest

from support.vscode import Home, run_vscode
from support.vscode_program import CLOISTER, write_program

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

BEFORE = "def total(prices):\n    p = sum(prices)\n    return p\n"
AFTER = "def total(prices):\n    return sum(prices)\n"
WISH = "Return the sum at once"


def test_words_are_asked_for_and_done(home: Home) -> None:
    script = home.folder / "script.json"
    script.write_text(json.dumps({"rules": [{"instruction": WISH, "text": AFTER}]}))
    program = home.folder / "bin" / "cloister"
    command = shlex.join([str(CLOISTER), "lsp", "--backend", f"scripted:{script}"])
    write_program(program, f"exec {command}")
    home.write_machine_settings({"cloister.path": str(program)})
    with run_vscode(home) as workbench:
        workbench.write("demo.py", BEFORE)
        workbench.open("demo.py")
        workbench.wait_for_status("Cloister: ready")
        workbench.go_to(3, 6)
        workbench.run_command("Quick Fix...")
        workbench.choose_action("Edit “total” by instruction…")
        workbench.wait_for_input("Edit “total” by instruction…")
        workbench.type(WISH)
        workbench.press("Enter")
        workbench.wait_for_text("    return sum(prices)")
        assert workbench.save("demo.py") == AFTER.encode()
        workbench.press("Control+z")
        assert workbench.save("demo.py") == BEFORE.encode()
        assert workbench.read_toasts() == []
