"""The message of a commit in Neovim, in the file that git opens there."""

from collections.abc import Callable

import pytest

from support.git import git, repository, write
from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

TEMPLATE = "\n# Please enter the commit message for your changes.\n"
WRITES = {
    "instruction": "writes the message of a commit",
    "text": "Say two\n\nOne was too few.\n",
}
ACT = "vim.lsp.buf.code_action({ apply = true })"
ATTACHED = "return #vim.lsp.get_clients({ name = 'cloister', bufnr = 0 }) > 0"


def test_the_message_is_one_change(start_scripted: Callable[..., Editor]) -> None:
    editor = start_scripted(WRITES)
    here = repository(editor.folder / "project", {"a.py": "one\n"})
    write(here, {"a.py": "two\n", ".git/COMMIT_EDITMSG": TEMPLATE})
    git(here, "add", "--all")
    editor.nvim.command(f"edit {here}/.git/COMMIT_EDITMSG")
    assert editor.lua("return vim.bo.filetype") == "gitcommit"
    wait_until(lambda: editor.lua(ATTACHED), "the server is attached")
    editor.lua(ACT)
    editor.wait_for_text(f"Say two\n\nOne was too few.\n{TEMPLATE.rstrip()}")
    editor.type("u")
    editor.wait_for_text(TEMPLATE.rstrip("\n"))
    editor.type("ccMine<Esc>:write<CR>")
    editor.wait_for_text(f"Mine{TEMPLATE.rstrip()}")
    git(here, "commit", "--quiet", "--cleanup=strip", "--file=.git/COMMIT_EDITMSG")
    assert git(here, "log", "-1", "--format=%s") == "Mine\n"
