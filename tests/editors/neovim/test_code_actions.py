"""Code actions as Neovim itself offers them: chosen, applied as one change, undone by one key."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

BEFORE = 'def add(a, b):\n    """Return the sum."""\n    pass\n\n\nprint(add(1, 2))\n'
AFTER = BEFORE.replace("pass", "return a + b").rstrip("\n")
WRITES = {"after": '"""Return the sum."""\n    ', "text": "return a + b\n\n\ndef other():\n"}
ACT = """
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, 'Implement') end,
})
"""
CHOOSE = """
vim.ui.select = function(items, _, choose)
  _G.titles = vim.tbl_map(function(item) return item.action.title end, items)
  for i, item in ipairs(items) do
    if vim.startswith(item.action.title, 'Implement') then choose(item, i) end
  end
end
vim.lsp.buf.code_action()
"""


def open_file(editor: Editor) -> None:
    editor.open("app.py", BEFORE.replace("pass", "pass║"))
    editor.type("<Esc>")


def test_an_action_is_one_change(start_scripted: StartScripted) -> None:
    editor = start_scripted(WRITES)
    open_file(editor)
    editor.lua(ACT)
    editor.wait_for_text(AFTER)
    editor.type("u")
    editor.wait_for_text(BEFORE.rstrip("\n"))


def test_the_menu_names_what_can_be_done(start_scripted: StartScripted) -> None:
    editor = start_scripted(WRITES)
    open_file(editor)
    # Neovim's own menu waits for a key and answers nobody meanwhile; plugins replace it like this.
    editor.lua(CHOOSE)
    wait_until(lambda: editor.lua("return _G.titles"), "the menu is shown")
    assert {"Add types to “add”", "Implement “add”"} <= set(editor.lua("return _G.titles"))
    editor.wait_for_text(AFTER)


def test_what_cannot_be_used_is_said_and_nothing_changes(start_scripted: StartScripted) -> None:
    editor = start_scripted({**WRITES, "text": "return (\n"})
    open_file(editor)
    editor.lua(ACT)
    wait_until(lambda: "The result would not be valid python" in editor.messages, "it is said")
    assert editor.text == BEFORE.rstrip("\n")
    editor.lua("vim.v.errmsg = ''")
