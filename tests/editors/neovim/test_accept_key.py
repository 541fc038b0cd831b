"""The opt-in key: it accepts while a suggestion is shown, else it does what it did before."""

from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

RULE = {"after": "val", "text": "ue = 1"}


def test_no_key_is_mapped_unless_asked_for(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    assert editor.nvim.api.buf_get_keymap(0, "i") == []
    assert {
        mapping["lhs"]
        for mapping in editor.nvim.api.get_keymap("i")
        if mapping.get("desc", "").startswith("cloister")
    } == {
        "<Plug>(cloister-accept)",
        "<Plug>(cloister-accept-line)",
        "<Plug>(cloister-accept-word)",
        "<Plug>(cloister-dismiss)",
    }


def test_the_key_is_itself_while_nothing_is_shown(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, accept_key="<Tab>")
    editor.open("example.py", "if x:\n║\n")
    editor.type("<Tab>y = 1")
    editor.wait_for_text("if x:\n    y = 1")


MAPPINGS = {
    "plain": "inoremap <Tab> mapped",
    "expression": "inoremap <expr> <Tab> 'map' .. 'ped'",
    "remapped": "inoremap @@ mapped<CR>imap <Tab> @@",
    "Lua": "lua vim.keymap.set('i', '<Tab>', function() vim.api.nvim_put({ 'mapped' }, 'c', "
    "false, true) end)",
}


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_a_mapping_of_the_key_made_later_still_works(
    start_scripted: StartScripted, mapping: str
) -> None:
    editor = start_scripted(RULE, accept_key="<Tab>")
    editor.open("example.py", "║\n")
    for command in mapping.split("<CR>"):
        editor.run(command)
    editor.type("a<Tab><Tab>b")
    editor.wait_for_text("amappedmappedb")
    editor.type(" val")
    editor.wait_for_ghost("ue = 1")
    editor.type("<Tab>")
    editor.wait_for_text("amappedmappedb value = 1")


def test_a_mapping_of_the_buffer_made_before_still_works(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, accept_key="<Tab>")
    editor.run("autocmd FileType python inoremap <buffer> <Tab> mapped")
    editor.open("example.py", "║\n")
    editor.type("a<Tab>b val")
    editor.wait_for_text("amappedb val")
    editor.wait_for_ghost("ue = 1")
    editor.type("<Tab>")
    editor.wait_for_text("amappedb value = 1")


def test_the_key_falls_through_after_a_restart(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, accept_key="<Tab>")
    editor.open("example.py", "║\n")
    editor.run("Cloister restart")
    wait_until(lambda: editor.server_log.count('"initialized"') == 2, "the server runs again")
    editor.wait_until_attached()
    editor.type("a<Tab>b")
    editor.wait_for_text("a   b")
