"""What the person says at Neovim's prompt is done with the function at the cursor."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

BEFORE = "def total(prices):\n    p = sum(prices)\n    return p\n"
AFTER = "def total(prices):\n    return sum(prices)\n"
WISH = "Return the sum at once"
RULE = {"instruction": WISH, "text": AFTER}
ACT = """
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, 'Edit') end,
})
"""


def asked(start_scripted: StartScripted) -> Editor:
    editor = start_scripted(RULE)
    editor.open("app.py", BEFORE.replace("return", "re║turn"))
    editor.type("<Esc>")
    editor.lua(ACT)
    wait_until(lambda: editor.nvim.api.get_mode()["mode"] == "c", "it asks for words")
    return editor


def test_words_are_asked_for_and_done(start_scripted: StartScripted) -> None:
    editor = asked(start_scripted)
    editor.type(f"{WISH}<CR>")
    editor.wait_for_text(AFTER.rstrip("\n"))
    editor.type("u")
    editor.wait_for_text(BEFORE.rstrip("\n"))


def test_nothing_is_done_when_nothing_is_said(start_scripted: StartScripted) -> None:
    editor = asked(start_scripted)
    editor.type("<Esc>")
    wait_until(lambda: editor.nvim.api.get_mode()["mode"] == "n", "the prompt is closed")
    # The next request is answered after the one before.
    editor.lua(ACT)
    wait_until(lambda: editor.nvim.api.get_mode()["mode"] == "c", "it asks again")
    editor.type("<Esc>")
    assert editor.text == BEFORE.rstrip("\n")
