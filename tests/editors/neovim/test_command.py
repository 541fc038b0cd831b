"""`:Cloister`, what the plugin says, and how it behaves when the server is gone."""

import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from support.neovim import Editor, run_neovim, scripted, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

RULE = {"after": "val", "text": "ue = 1"}


def test_toggle_switches_suggestions_off_and_on(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    assert editor.run("Cloister toggle").startswith("cloister is off:")
    editor.type("val")
    wait_until(lambda: declined(editor), "the server has declined a request")
    assert editor.ghost == ""
    assert editor.status["state"] == "off"
    assert editor.run("Cloister toggle") == "cloister is on."
    editor.type("<BS>l")
    editor.wait_for_ghost("ue = 1")


def test_suggestions_can_be_off_from_the_start(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, settings={"enabled": False})
    editor.open("example.py", "║\n")
    editor.type("val")
    wait_until(lambda: declined(editor), "the server has declined a request")
    assert editor.run("Cloister toggle") == "cloister is on."
    editor.type("<BS>l")
    editor.wait_for_ghost("ue = 1")


def test_status_says_state_model_and_last_request(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    editor.type("val")
    editor.wait_for_ghost()
    editor.run("Cloister status")
    wait_until(lambda: "last request: shown" in editor.messages, "the status is displayed")
    assert "cloister: ready, model cloister-scripted" in editor.messages


def test_status_explains_a_buffer_without_server(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    assert "not attached to this buffer" in editor.run("Cloister status")


def test_log_opens_the_log(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    editor.type("<Esc>")
    editor.run("Cloister log")
    assert editor.nvim.current.buffer.name.endswith("lsp.log")


def test_subcommands_are_completed(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    complete = editor.nvim.funcs.getcompletion
    assert sorted(complete("Cloister ", "cmdline")) == [
        "cancel",
        "context",
        "log",
        "restart",
        "status",
        "toggle",
    ]
    assert complete("Cloister re", "cmdline") == ["restart"]


def test_an_unknown_subcommand_is_an_error(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.type(":Cloister dance<CR>")
    editor.wait_for_screen(
        'cloister knows no "dance": use cancel, context, log, restart, status or toggle.'
    )
    editor.run("let v:errmsg = ''")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"accept_kye": "<Tab>"},
            'vim.g.cloister has no key "accept_kye": did you mean "accept_key"?',
        ),
        ({"setting": {}}, 'no key "setting": did you mean "settings"?'),
        ({"cmd": "cloister"}, "vim.g.cloister.cmd must be a table: see :help cloister-options."),
    ],
)
def test_a_wrong_option_is_reported(
    start: Callable[[Mapping[str, object]], Editor], options: Mapping[str, object], sentence: str
) -> None:
    assert sentence in start(options).messages


def test_a_wrong_setting_is_reported_by_the_server(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE, settings={"completion": {"maxTokns": 8}})
    editor.open("example.py", "║\n")
    sentence = "no option 'completion.maxTokns'; did you mean 'completion.maxTokens'?"
    wait_until(lambda: sentence in editor.messages, "the server has complained")


def test_restart_starts_a_new_server(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    first = server_process(editor)
    editor.run("Cloister restart")
    wait_until(lambda: server_process(editor) not in (None, first), "another server runs")
    editor.wait_until_attached()
    editor.type("val")
    editor.wait_for_ghost("ue = 1")


def test_typing_goes_on_when_the_server_dies(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    process = server_process(editor)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: server_process(editor) is None, "Neovim has noticed")
    editor.type("val")
    editor.wait_for_text("val")
    editor.run("Cloister restart")
    wait_until(lambda: server_process(editor), "another server runs")
    editor.wait_until_attached()
    editor.type("<BS>l")
    editor.wait_for_ghost("ue = 1")


def test_quitting_ends_the_server(binary: Path, tmp_path: Path) -> None:
    rule = {"after": "slow", "hold": True}
    with run_neovim(binary, tmp_path, scripted(tmp_path, rule)) as editor:
        editor.open("example.py", "║\n")
        editor.type("slow")
        wait_until(lambda: "inlineCompletion" in editor.server_log, "a request is under way")
        process = server_process(editor)
        with contextlib.suppress(OSError, EOFError):  # Neovim hangs up before it answers.
            editor.run("qall!")
        assert process is not None
        wait_until(lambda: has_ended(process), "the server has ended")


def declined(editor: Editor) -> bool:
    """Return whether the server has declined a request because it is switched off."""
    return any("switched off" in outcome["reason"] for outcome in editor.status["outcomes"])


def server_process(editor: Editor) -> int | None:
    """Return the process that serves the current buffer."""
    found = editor.lua("""
        local client = vim.lsp.get_clients({ name = 'cloister', bufnr = 0 })[1]
        local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
        return client and children[1]
    """)
    return int(found) if found else None


def has_ended(process: int) -> bool:
    """Return whether a process is gone, or waits only for somebody to ask how it ended."""
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
