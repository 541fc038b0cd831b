"""A code action as it is done in Neovim: seen, cancelled, refused, confirmed where it is much."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

BEFORE = 'def add(a, b):\n    """Return the sum."""\n    pass\n\n\nprint(add(1, 2))\n'
LONG = "def many():\n" + "".join(f"    print({n})\n" for n in range(60))
HOLDS = {"after": '"""Return the sum."""\n    ', "hold": True}
WRITES = {"after": '"""Return the sum."""\n    ', "text": "return a + b\n\n\ndef other():\n"}
SIMPLIFIES = {
    "instruction": "Simplify this code",
    "text": "```python\ndef many():\n    for n in range(60):\n        print(n)\n```\n",
}
ACT = """
local title = ...
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, title) end,
})
"""
# Keeps everything that was ever shown, because a step may be over before one looks.
RECORD = """
local preview = require('cloister.preview')
local show = preview.show
_G.shown = {}
preview.show = function(params)
  show(params)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })) do
    for _, line in ipairs(mark[4].virt_lines or {}) do
      table.insert(_G.shown, ('%d %s'):format(mark[2], line[1][1]))
    end
  end
end
_G.progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event) table.insert(_G.progress, event.data.params.value) end,
})
"""


def open_file(editor: Editor, text: str = BEFORE.replace("pass", "pass║")) -> None:
    editor.open("app.py", text)
    editor.type("<Esc>")
    editor.lua(RECORD)


def begin(editor: Editor) -> None:
    """Choose an action whose model never answers, and wait until it is read."""
    open_file(editor)
    editor.lua(ACT, "Implement")
    editor.wait_for_screen("Implement “add”: Reading the file")
    wait_until(lambda: progress(editor), "the progress is shown")
    first = progress(editor)[0]
    assert (first["kind"], first["title"]) == ("begin", "Implement “add”")


def progress(editor: Editor) -> list[dict[str, str]]:
    return list(editor.lua("return _G.progress"))


def test_an_action_is_seen_while_it_is_done(start_scripted: StartScripted) -> None:
    editor = start_scripted(WRITES)
    open_file(editor)
    editor.lua(ACT, "Implement")
    editor.wait_for_text(BEFORE.replace("pass", "return a + b").rstrip("\n"))
    shown = editor.lua("return _G.shown")
    assert "2 Implement “add”: Reading the file" in shown
    assert "2 │ return a + b" in shown
    assert editor.ghost == ""
    editor.type("u")
    editor.wait_for_text(BEFORE.rstrip("\n"))


def test_a_cancelled_action_leaves_the_text_alone(start_scripted: StartScripted) -> None:
    editor = start_scripted(HOLDS)
    begin(editor)
    editor.run("Cloister cancel")
    wait_until(lambda: progress(editor)[-1]["kind"] == "end", "the progress has ended")
    wait_until(lambda: editor.ghost == "", "nothing is shown any more")
    assert editor.text == BEFORE.rstrip("\n")
    assert "cloister" not in editor.messages


def test_who_edits_meanwhile_keeps_the_edit(start_scripted: StartScripted, tmp_path: Path) -> None:
    line = tmp_path / "line"
    os.mkfifo(line)
    write_check(tmp_path, f"open({str(line)!r}, 'w').write('.'); open({str(line)!r}).read()")
    editor = start_scripted(WRITES)
    open_file(editor)
    editor.lua(ACT, "Implement")
    assert line.read_text() == "."
    editor.wait_for_screen("Implement “add”: Checking with python")
    editor.type("ggO# mine<Esc>")
    mine = f"# mine\n{BEFORE}".rstrip("\n")
    editor.wait_for_text(mine)
    line.write_text(".")
    # The server says it, or Neovim where the edit was on its way already.
    wait_until(
        lambda: re.search("has changed since|newer than edits", editor.messages), "a refusal"
    )
    assert (editor.text, editor.ghost) == (mine, "")
    editor.lua("vim.v.errmsg = ''")


def write_check(folder: Path, code: str) -> None:
    """Have a program of the user's check what an action writes."""
    program = folder / "lint.py"
    program.write_text(code)
    command = json.dumps([sys.executable, str(program), "{file}"])
    file = folder / "CONFIG" / "cloister" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f"[checks.python]\ncommand = {command}\n")


def test_what_a_dead_server_showed_goes_away(start_scripted: StartScripted) -> None:
    editor = start_scripted(HOLDS)
    begin(editor)
    editor.run("Cloister restart")
    wait_until(lambda: editor.ghost == "", "nothing is shown any more")
    assert editor.text == BEFORE.rstrip("\n")


@pytest.mark.parametrize(("key", "is_done"), [("y", True), ("n", False)])
def test_a_large_edit_is_asked_about(
    start_scripted: StartScripted, version: str, key: str, *, is_done: bool
) -> None:
    if version != "0.12":
        pytest.skip("Neovim asks about edits since 0.12")
    editor = start_scripted(SIMPLIFIES)
    open_file(editor, LONG.replace("many", "║many"))
    editor.lua("vim.schedule(function() " + ACT.replace("...", "'Simplify'") + " end)")
    editor.wait_for_screen("Apply all changes?\nChange 60 lines")
    editor.type(key)
    wait_until(lambda: "Apply all changes?" not in editor.screen, "it is answered")
    after = "def many():\n    for n in range(60):\n        print(n)"
    editor.wait_for_text(after if is_done else LONG.rstrip("\n"))
