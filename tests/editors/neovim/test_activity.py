"""What the plugin tells the server about what the user does, and what only when asked to."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

RULE = {"after": "never", "text": ""}
LINES_MARKED = "║" + "".join(f"line_{number} = {number}\n" for number in range(200))
DIAGNOSE = """
vim.diagnostic.set(vim.api.nvim_create_namespace('other'), 0, {
  { lnum = 3, col = 0, message = 'Circle has no such attribute' },
})
"""


def wait_until_told(editor: Editor, what: str) -> None:
    """Wait until Neovim has sent a message that holds this."""
    wait_until(lambda: what in editor.server_log, f"{what} is sent")


def test_the_lines_on_the_screen_are_told(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", LINES_MARKED)
    wait_until_told(editor, "cloister/didView")
    editor.type("<Esc>100Gzt")
    wait_until_told(editor, "firstLine = 99")


def test_diagnostics_of_other_tools_are_told(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", LINES_MARKED)
    editor.lua(DIAGNOSE)
    wait_until_told(editor, "cloister/didDiagnose")
    wait_until_told(editor, 'message = "Circle has no such attribute"')


def test_yanked_text_is_told_only_when_allowed(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, clipboard=True)
    editor.open("example.py", LINES_MARKED)
    editor.type("<Esc>yy")
    wait_until_told(editor, "cloister/didCopy")


def test_yanked_text_is_not_told_by_default(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", LINES_MARKED)
    editor.type("<Esc>yy100Gzt")
    wait_until_told(editor, "firstLine = 99")
    assert "cloister/didCopy" not in editor.server_log
