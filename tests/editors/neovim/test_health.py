"""`:checkhealth cloister`."""

from collections.abc import Callable, Mapping

import pytest

from support.neovim import Editor

pytestmark = pytest.mark.editor

Start = Callable[[Mapping[str, object]], Editor]
StartScripted = Callable[..., Editor]

RULE = {"after": "val", "text": "ue = 1"}


def report(editor: Editor) -> str:
    editor.type("<Esc>")
    editor.run("checkhealth cloister")
    return editor.text


def test_all_is_well_with_a_server_that_has_answered(
    start_scripted: StartScripted, version: str
) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    editor.type("val")
    editor.wait_for_ghost()
    text = report(editor)
    assert "ERROR" not in text
    assert "WARNING" not in text
    assert f"Neovim {version}." in text
    assert "OK cloister 0." in text
    assert "example.py: suggestions are on" in text
    assert "OK server is ready, model: cloister-scripted" in text
    assert "request: shown" in text


def test_a_missing_server_is_an_error_with_advice(start: Start) -> None:
    text = report(start({"cmd": ["cloister-that-is-missing", "lsp"]}))
    assert "ERROR cloister-that-is-missing is not executable" in text
    assert "Install the server" in text


def test_a_program_that_fails_is_an_error_with_advice(start: Start) -> None:
    text = report(start({"cmd": ["false", "lsp"]}))
    assert "ERROR `false --version` failed" in text


def test_no_attached_buffer_is_a_warning_with_advice(start_scripted: StartScripted) -> None:
    text = report(start_scripted(RULE, acept_key="<Tab>"))
    assert "WARNING the server is not attached to any buffer" in text
    assert 'did you mean "accept_key"?' in text


def test_switched_off_suggestions_are_said(start_scripted: StartScripted) -> None:
    editor = start_scripted(RULE)
    editor.open("example.py", "║\n")
    editor.run("Cloister toggle")
    assert "suggestions are switched off" in report(editor)
