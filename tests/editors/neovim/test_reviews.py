"""A review in Neovim: its diagnostics are Neovim's own, and are fixed like those of any server."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

SOURCE = "def first(a):\n    result = a║\n    return a\n\n\ndef second(a):\n    return b\n"
BEFORE = SOURCE.replace("║", "").rstrip("\n")
FIXED = BEFORE.replace("    result = a\n", "")
UNUSED = "`result` is never used."
RULES = (
    {
        "instruction": "Review this code",
        "text": f"LINE: result = a\nWARNING: {UNUSED}\n\nLINE: return a\nNOTE: It is the same.\n",
    },
    {
        "instruction": f"Fix this problem (cloister): {UNUSED}",
        "text": "```python\ndef first(a):\n    return a\n```\n",
    },
    {
        "instruction": "Fix these problems:\n- unused",
        "text": "```python\ndef first(a):\n    return a\n```\n",
    },
    {
        "instruction": "Fix this problem: b is unknown",
        "text": "```python\ndef second(a):\n    return a\n```\n",
    },
)
ACT = """
local title, only = ...
vim.lsp.buf.code_action({
  apply = true,
  context = only and { only = { only } } or nil,
  filter = function(action) return vim.startswith(action.title, title) end,
})
"""
SHOWN = """
return vim.tbl_map(function(it)
  return { it.lnum, it.severity, it.source or '', it.message }
end, vim.diagnostic.get(0))
"""
OTHER_SERVER = """
vim.diagnostic.set(vim.api.nvim_create_namespace('other'), 0, {
  { lnum = 1, col = 4, message = 'unused' },
  { lnum = 2, col = 4, message = 'pointless' },
  { lnum = 6, col = 11, message = 'b is unknown' },
})
"""


def reviewed(start_scripted: StartScripted) -> Editor:
    editor = start_scripted(*RULES)
    editor.open("app.py", SOURCE)
    editor.type("<Esc>")
    editor.lua(ACT, "Review")
    wait_until(lambda: len(editor.lua(SHOWN)) == 2, "the findings are shown")
    return editor


def test_findings_are_fixed_where_they_stand(start_scripted: StartScripted) -> None:
    editor = reviewed(start_scripted)
    assert editor.lua(SHOWN) == [
        [1, 2, "cloister", UNUSED],
        [2, 3, "cloister", "It is the same."],
    ]
    editor.lua(ACT, "Fix “`result`")
    editor.wait_for_text(FIXED)
    wait_until(lambda: len(editor.lua(SHOWN)) == 1, "the finding of the fixed line is gone")
    assert editor.lua(SHOWN) == [[1, 3, "cloister", "It is the same."]]
    editor.type("u")
    editor.wait_for_text(BEFORE)


def test_a_review_is_cleared(start_scripted: StartScripted) -> None:
    editor = reviewed(start_scripted)
    editor.lua(ACT, "Clear the review")
    wait_until(lambda: not editor.lua(SHOWN), "the findings are gone")
    assert editor.text == BEFORE


def test_what_other_servers_report_is_fixed_at_once(start_scripted: StartScripted) -> None:
    editor = start_scripted(*RULES)
    editor.open("app.py", SOURCE)
    editor.type("<Esc>")
    editor.lua(OTHER_SERVER)
    wait_until(lambda: "cloister/didDiagnose" in editor.server_log, "the server is told")
    editor.lua(ACT, "Fix 3 problems in this file", "source.fixAll.cloister")
    editor.wait_for_text(FIXED.replace("return b", "return a"))
    editor.type("u")
    editor.wait_for_text(BEFORE)
