"""Code actions that open something else in Neovim: a new file with tests, an answer in prose."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

SOURCE = "def add(a, b):\n    return a + b║\n"
TESTS = "from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
RULES = (
    {"instruction": "Write the whole new file test_app.py", "text": f"```python\n{TESTS}```\n"},
    {"instruction": "Explain this code", "text": "It adds, see [here](command:x).\n"},
)
ACT = """
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, '%s') end,
})
"""
BUFFERS = """
local found = {}
for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
  local name = vim.api.nvim_buf_get_name(buffer)
  if name:find('%s') and vim.api.nvim_buf_is_loaded(buffer) then
    found = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  end
end
return table.concat(found, '\\n')
"""


@pytest.mark.parametrize(
    ("title", "name", "text"),
    [
        ("Write tests of", "test_app%.py", TESTS),
        ("Explain", "explain%-", "It adds, see \\[here\\](`command:x).`\n"),
    ],
)
def test_what_comes_is_opened(
    start_scripted: StartScripted, title: str, name: str, text: str
) -> None:
    editor = start_scripted(*RULES)
    editor.open("app.py", SOURCE)
    editor.type("<Esc>")
    editor.lua(ACT % title)
    seen = wait_until(lambda: editor.lua(BUFFERS % name), "it is open")
    assert seen.rstrip("\n") == text.rstrip("\n")
    assert editor.text == SOURCE.replace("║", "").rstrip("\n") or title == "Explain"
