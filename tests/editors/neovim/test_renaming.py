"""A better name in Neovim: by another language server where one renames, else by ourselves."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

PEER = Path(__file__).resolve().parents[2] / "support" / "rename_server.py"
SOURCE = "def total(prices):\n    é = 'ü'; p║ = sum(prices)\n    return p\n\n\nprint(total([1]))\n"
PLAIN = SOURCE.replace("║", "").rstrip("\n")
START_PEER = """
local cmd = { %r, %r }
_G.peer = vim.lsp.start({ name = 'peer', cmd = cmd, root_dir = vim.fn.getcwd() })
"""
HAS_PEER = """
local peer = vim.lsp.get_client_by_id(_G.peer)
return peer ~= nil and peer.initialized == true
"""
ACT = """
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, 'Rename') end,
})
"""


def answering(name: str) -> dict[str, str]:
    return {"instruction": "Find a better name", "text": name}


def open_with_peer(editor: Editor, marked: str) -> None:
    editor.open("app.py", marked)
    editor.type("<Esc>")
    editor.lua(START_PEER % (sys.executable, str(PEER)))
    wait_until(lambda: editor.lua(HAS_PEER), "the peer is attached")


def test_another_language_server_renames_what_others_use(start_scripted: StartScripted) -> None:
    editor = start_scripted(answering("sum_of_prices"))
    open_with_peer(editor, SOURCE.replace("║", "").replace("total", "tot║al", 1))
    editor.lua(ACT)
    editor.wait_for_text(PLAIN.replace("total", "sum_of_prices"))
    editor.type("u")
    editor.wait_for_text(PLAIN)


def test_places_are_told_as_the_other_server_counts(start_scripted: StartScripted) -> None:
    editor = start_scripted(answering("price"))
    open_with_peer(editor, SOURCE)
    editor.lua(ACT)
    editor.wait_for_text(
        PLAIN.replace("p = sum", "price = sum").replace("return p", "return price")
    )


def test_without_one_a_local_name_is_renamed(start_scripted: StartScripted) -> None:
    editor = start_scripted(answering("price"))
    editor.open("app.py", SOURCE)
    editor.type("<Esc>")
    editor.lua(ACT)
    editor.wait_for_text(
        PLAIN.replace("p = sum", "price = sum").replace("return p", "return price")
    )
    editor.type("u")
    editor.wait_for_text(PLAIN)


@pytest.mark.parametrize(
    ("name", "has_peer", "message"),
    [("forbidden", True, "That name is forbidden."), ("price", False, "no language server")],
)
def test_what_nobody_renames_is_said_and_nothing_changes(
    start_scripted: StartScripted, name: str, message: str, *, has_peer: bool
) -> None:
    editor = start_scripted(answering(name))
    marked = SOURCE.replace("║", "").replace("total", "tot║al", 1)
    if has_peer:
        open_with_peer(editor, marked)
    else:
        editor.open("app.py", marked)
        editor.type("<Esc>")
    editor.lua(ACT)
    wait_until(lambda: message in editor.messages, "it is said")
    assert editor.text == PLAIN
    editor.lua("vim.v.errmsg = ''")
