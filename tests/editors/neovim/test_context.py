"""`:CloisterContext` shows what the model sees, and leads there."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from support.editor_workspace import CONTEXT_TOKENS, USE, build_index, write_workspace
from support.neovim import ARTIFACTS, Editor, cache_folder, scripted, wait_until

pytestmark = pytest.mark.editor

Start = Callable[[Mapping[str, object]], Editor]
StartScripted = Callable[..., Editor]

RULE = {"after": "never", "text": ""}


@pytest.fixture
def editor(start: Start, tmp_path: Path) -> Editor:
    """Start a Neovim in `app.py` of an indexed workspace, where a name of `shapes.py` is wanted."""
    root = tmp_path / "project"
    write_workspace(root)
    build_index(root, {**os.environ, "XDG_CACHE_HOME": str(cache_folder(tmp_path))})
    editor = start(scripted(tmp_path, RULE, context_tokens=CONTEXT_TOKENS))
    editor.open("app.py", f"{USE}║\n")
    editor.type("<Esc>")
    return editor


def show_context(editor: Editor) -> None:
    """Ask for the report, and wait until the cursor is in it."""
    editor.run("CloisterContext")
    wait_until(lambda: editor.text.startswith("# What the model sees at app.py:5"), "it is shown")


def test_a_snippet_of_another_file_is_shown_with_its_provenance(
    editor: Editor, version: str
) -> None:
    show_context(editor)
    assert "## shapes.py:" in editor.text
    assert "def circumference(self, digits: int) -> float:" in editor.text
    assert "similar: similar code (score " in editor.text
    assert "## The whole prompt" in editor.text
    assert editor.lua("return vim.bo.modifiable") is False
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / f"neovim-{version}-context.txt").write_text(editor.screen, encoding="utf-8")


@pytest.mark.parametrize("key", ["gf", "<CR>"])
def test_a_snippet_leads_to_its_place(editor: Editor, key: str) -> None:
    show_context(editor)
    heading = next(line for line in editor.text.split("\n") if line.startswith("## shapes.py:"))
    editor.run(f"/{heading.replace('/', '.')}/")
    editor.type(key)
    wait_until(lambda: editor.nvim.current.buffer.name.endswith("shapes.py"), "it is opened")
    first_line = int(heading.rpartition(":")[2].partition("-")[0])
    assert editor.cursor == (first_line, 0)
    # The report stays beside the file.
    assert len(editor.nvim.windows) == 2


def test_what_is_no_snippet_leads_nowhere(editor: Editor) -> None:
    show_context(editor)
    editor.run("1")
    editor.type("gf")
    wait_until(lambda: "No snippet stands in this line." in editor.messages, "it is said")


def test_asking_again_takes_the_same_window(editor: Editor) -> None:
    show_context(editor)
    editor.run("wincmd p | 4 | Cloister context")
    first_line = "# What the model sees at app.py:4"
    wait_until(lambda: editor.text.startswith(first_line), "the new report is shown")
    assert len(editor.nvim.windows) == 2


def test_a_model_without_room_for_more_sees_the_file_only(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("app.py", f"{USE}║\n")
    editor.type("<Esc>")
    show_context(editor)
    assert "Nothing of other places: `:help cloister-context`" in editor.text


def test_code_with_fences_gets_a_longer_fence(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    context = {"prompt": "```\r\n````\n", "tokens": 1, "ms": 0, "snippets": []}
    report = editor.lua("return require('cloister.context').report('a', ...)", context)
    assert report["lines"][-4:] == ["`````", "```", "````", "`````"]


def test_a_buffer_without_server_is_explained(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    assert "not attached to this buffer" in editor.run("CloisterContext")
