"""The packed extension in a real VS Code, typed into as a person would."""

import importlib.util
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from support import vscode
from support.vscode import Home
from support.vscode_program import (
    CLOISTER,
    GHOST,
    ScriptedProgram,
    write_program,
    write_scripted_program,
)
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

STARTING, READY = "Cloister: starting", "Cloister: ready"
OFF, BROKEN = "Cloister: completions are off", "Cloister: not working"


def open_file(workbench: Workbench, text: str, file: str = "demo.py") -> None:
    """Write a file, open it, wait for the server, and go to the end of the text."""
    workbench.write(file, text)
    workbench.open(file)
    workbench.wait_for_status(READY)
    workbench.press("Control+End")


def test_ghost_text_is_accepted_whole_and_by_word(
    scripted: ScriptedProgram, workbench: Workbench
) -> None:
    open_file(workbench, 'x = "é😀" + ')
    workbench.type("f")
    workbench.wait_for_ghost("oo")
    workbench.press("Tab", "Enter", "Enter")
    workbench.type("def f")
    workbench.wait_for_ghost(GHOST)
    workbench.wait_for_text('x = "é😀" + foo\n\ndef f')
    workbench.press("Control+ArrowRight")
    workbench.wait_for_text("def fib")
    workbench.press("Tab")
    workbench.wait_for_text("return n")
    assert workbench.save("demo.py") == f'x = "é😀" + foo\n\ndef f{GHOST}'.encode()
    workbench.wait_for_file(scripted.messages, '"command":"cloister.accepted"')
    assert "Last request: " in workbench.read_status_tooltip()
    assert workbench.read_toasts() == []


def test_toggle_hides_and_brings_back_completions(
    scripted: ScriptedProgram, workbench: Workbench
) -> None:
    open_file(workbench, "")
    workbench.type("def f")
    workbench.wait_for_ghost(GHOST)
    workbench.run_command("Cloister: Turn Completions On or Off")
    workbench.wait_for_status(OFF)
    workbench.wait_for_ghost("")
    n_requests = scripted.count_requests()
    workbench.run_command("Trigger Inline Suggestion")
    workbench.type("x")
    workbench.wait_for_file(scripted.messages, '"text":"x"')
    assert scripted.count_requests() == n_requests
    assert workbench.read_ghost() == ""
    workbench.choose_from_menu("Turn completions on")
    workbench.wait_for_status(READY)
    workbench.press("Backspace")
    workbench.run_command("Trigger Inline Suggestion")
    workbench.wait_for_ghost(GHOST)
    assert workbench.read_toasts() == []


def test_settings_that_nobody_made_leave_the_word_to_the_settings_file(
    home: Home, scripted: ScriptedProgram, workbench: Workbench
) -> None:
    file = home.folder / ".config" / "cloister" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("enabled = false\n")
    workbench.write("demo.py", "")
    workbench.open("demo.py")
    workbench.wait_for_status(OFF)
    # Only what people set is sent: the calming of VS Code for tests sets nothing of ours.
    workbench.wait_for_file(scripted.messages, '"settings":{"cloister":{')
    assert '"enabled"' not in scripted.messages.read_text(encoding="utf-8")
    file.write_text("enabled = true\n")
    workbench.wait_for_status(READY)
    workbench.type("def f")
    workbench.wait_for_ghost(GHOST)
    assert workbench.read_toasts() == []


def test_restart_starts_a_new_server_that_completes(
    scripted: ScriptedProgram, workbench: Workbench
) -> None:
    open_file(workbench, "")
    workbench.run_command("Cloister: Restart")
    workbench.wait_for_status(STARTING)
    workbench.wait_for_status(READY)
    workbench.type("def f")
    workbench.wait_for_ghost(GHOST)
    assert len(scripted.starts.read_text().split()) == 2
    assert workbench.read_toasts() == []


def test_crashed_server_comes_back_without_a_word_but_not_for_ever(
    scripted: ScriptedProgram, workbench: Workbench
) -> None:
    open_file(workbench, "")
    for n_starts in (2, 3, 4):
        kill_last(scripted)
        workbench.wait_for_status(STARTING)
        workbench.wait_for_status(READY)
        assert len(scripted.starts.read_text().split()) == n_starts
    workbench.type("def f")
    workbench.wait_for_ghost(GHOST)
    assert workbench.read_toasts() == []
    kill_last(scripted)
    workbench.wait_for_status(BROKEN)
    workbench.wait_for_toast("Cloister keeps crashing")
    assert len(workbench.read_toasts()) == 1


def kill_last(program: ScriptedProgram) -> None:
    os.kill(int(program.starts.read_text().split()[-1]), signal.SIGKILL)


@pytest.mark.parametrize("place", ["bin/cloister", ".local/bin/cloister"])
def test_program_is_found_and_never_chosen_by_the_repository(
    home: Home, workbench: Workbench, place: str
) -> None:
    program = write_scripted_program(home, home.folder / place)
    chosen_by_repository = home.workspace / "cloister"
    write_program(chosen_by_repository, f"touch {home.folder / 'harm'}")
    settings = home.workspace / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"cloister.path": str(chosen_by_repository)}))
    open_file(workbench, "")
    assert len(program.starts.read_text().split()) == 1
    assert not (home.folder / "harm").exists()


def test_every_failure_is_one_message_and_restart_is_the_way_out(
    home: Home, workbench: Workbench
) -> None:
    workbench.write("demo.py", "")
    workbench.open("demo.py")
    workbench.wait_for_status(BROKEN)
    workbench.wait_for_toast("Cloister is not installed")
    program = home.folder / "bin" / "cloister"
    write_program(program, "exit 1")
    workbench.run_command("Cloister: Restart")
    workbench.wait_for_toast("Cloister could not start")
    assert len(workbench.read_toasts()) == 2
    write_program(program, f"touch {home.folder / 'hung'}\nexec sleep infinity")
    workbench.run_command("Cloister: Restart")
    workbench.wait_for_file(home.folder / "hung", "")
    write_scripted_program(home, program)
    workbench.run_command("Cloister: Restart")
    workbench.wait_for_status(READY)
    assert len(workbench.read_toasts()) == 2


def test_bundled_model_completes_code_of_a_package(home: Home, workbench: Workbench) -> None:
    home.write_machine_settings({"cloister.path": str(CLOISTER)})
    # How long the model takes is not under test, and the machine may be busy.
    home.write_user_settings({"cloister.completion.deadlineMs": 60_000})
    before, after = cut_statement("self.expand = expand")
    try:
        open_file(workbench, before + after, "padding.py")
        workbench.go_to(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        workbench.type("self.expand = ex")
        ghost = workbench.wait_for_ghost()
        workbench.take_screenshot(vscode.ARTIFACTS / "vscode-ghost.png")
        workbench.press("Tab")
        assert workbench.save("padding.py").decode() == f"{before}self.expand = ex{ghost}{after}"
        assert "Model: cloister-starter" in workbench.read_status_tooltip()
        assert workbench.read_toasts() == []
    finally:
        # The engine outlives the windows that it serves.
        subprocess.run([CLOISTER, "engine", "stop"], env=home.environment(), check=True)


def cut_statement(statement: str) -> tuple[str, str]:
    """Return a real module of another package, as it is before and after one statement."""
    module = importlib.util.find_spec("rich.padding")
    assert module is not None
    assert module.origin is not None
    before, found, after = Path(module.origin).read_text(encoding="utf-8").partition(statement)
    assert found == statement
    return before, after
