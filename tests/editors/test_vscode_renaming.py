"""A better name in VS Code: by another extension where one renames, else by ourselves."""

import json
import shlex

import pytest

from support.vscode import Home, run_vscode
from support.vscode_peer import with_peer
from support.vscode_program import CLOISTER, write_program
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

SOURCE = "def total(prices):\n    p = sum(prices)\n    return p\n\n\nprint(total([1]))\n"
LOCAL = SOURCE.replace("p = sum", "price = sum").replace("return p", "return price")


def script_name(home: Home, name: str) -> None:
    """Have the model propose a name."""
    script = home.folder / "script.json"
    rules = [{"instruction": "Find a better name", "text": name}]
    script.write_text(json.dumps({"rules": rules}), encoding="utf-8")
    program = home.folder / "bin" / "cloister"
    command = shlex.join([str(CLOISTER), "lsp", "--backend", f"scripted:{script}"])
    write_program(program, f"exec {command}")
    home.write_machine_settings({"cloister.path": str(program)})


def choose(workbench: Workbench, line: int, column: int, name: str) -> None:
    workbench.write("demo.py", SOURCE)
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.go_to(line, column)
    workbench.run_command("Quick Fix...")
    workbench.choose_action(f"Rename “{name}” to a better name")


def test_another_extension_renames_what_others_use(home: Home) -> None:
    home = with_peer(home)
    script_name(home, "sum_of_prices")
    with run_vscode(home) as workbench:
        choose(workbench, 1, 6, "total")
        workbench.wait_for_text("print(sum_of_prices([1]))")
        renamed = SOURCE.replace("total", "sum_of_prices").encode()
        assert workbench.save("demo.py") == renamed
        workbench.press("Control+z")
        assert workbench.save("demo.py") == SOURCE.encode()
        assert workbench.read_toasts() == []


def test_a_name_that_it_refuses_stays(home: Home) -> None:
    home = with_peer(home)
    script_name(home, "forbidden")
    with run_vscode(home) as workbench:
        choose(workbench, 1, 6, "total")
        workbench.wait_for_toast("That name is forbidden.")
        assert workbench.save("demo.py") == SOURCE.encode()


def test_without_one_only_local_names_are_renamed(home: Home) -> None:
    script_name(home, "price")
    with run_vscode(home) as workbench:
        choose(workbench, 1, 6, "total")
        workbench.wait_for_toast("no language server renames it here")
        assert workbench.save("demo.py") == SOURCE.encode()
        workbench.go_to(2, 5)
        workbench.run_command("Quick Fix...")
        workbench.choose_action("Rename “p” to a better name")
        workbench.wait_for_text("    return price")
        assert workbench.save("demo.py") == LOCAL.encode()
