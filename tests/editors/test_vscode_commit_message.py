"""The message of a commit in VS Code: in the box of source control, and in the file of git."""

import json

import pytest

from support import vscode
from support.git import git, repository, write
from support.vscode import Home
from support.vscode_program import ScriptedProgram
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]

RULE = {"instruction": "writes the message of a commit", "text": "Say two\n\nOne was too few.\n"}


@pytest.fixture(autouse=True)
def _staged(home: Home, scripted: ScriptedProgram) -> None:
    here = repository(home.workspace, {"a.py": "one\n"})
    write(here, {"a.py": "two\n"})
    git(here, "config", "user.name", "Somebody")
    git(here, "config", "user.email", "somebody@example.org")
    git(here, "add", "--all")
    script = scripted.messages.with_name("script.json")
    script.write_text(json.dumps({"rules": [RULE]}), encoding="utf-8")
    home.write_user_settings({"git.enabled": True, "git.openRepositoryInParentFolders": "never"})


def test_the_box_is_filled_and_git_takes_it(home: Home, workbench: Workbench) -> None:
    workbench.open("a.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.press("Control+Shift+G")
    workbench.run_command("Cloister: Write the Commit Message")
    workbench.wait_for_message_box("Say two")
    workbench.take_screenshot(vscode.ARTIFACTS / "vscode-commit-message.png")
    # What is there is left alone.
    workbench.run_command("Cloister: Write the Commit Message")
    workbench.wait_for_toast("There is a message already")
    assert git(home.workspace, "log", "-1", "--format=%s") == "Begin\n"


def test_git_waits_for_its_own_file(home: Home, workbench: Workbench) -> None:
    workbench.open("a.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.run_command("Git: Commit")
    workbench.wait_for_text("# Please enter the commit message")
    workbench.go_to(1, 1)
    workbench.run_command("Refactor...")
    workbench.choose_action("Write the message from what is staged")
    workbench.wait_for_text("One was too few.")
    message = home.workspace / ".git" / "COMMIT_EDITMSG"
    workbench.press("Control+s")
    workbench.wait_for_file(message, r"^Say two\n\nOne was too few\.\n\n# Please")
    workbench.press("Control+z", "Control+s")
    workbench.wait_for_file(message, r"^\n# Please")
