"""What appears while a person types, and what the buffer holds after accepting it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.neovim import ARTIFACTS, Editor, wait_until

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]

FIBONACCI = {"after": "def f", "text": "ib(n):\n    if n < 2:\n        return n\n    return n"}
GHOST = "ib(n):\n    if n < 2:\n        return n\n    return n"

PLACES = {
    "top level": ("║\n", "def f", "ib(n):\n    return n"),
    "indented": ("class A:\n    x = 1\n\n    ║\n", "def f", "ib(self):\n        return 1"),
    "blank line": ("def f(n):\n    ║\n", "", "if n:\n        return 1"),
    "after characters of many bytes": ('name = "é😀"; other = ║\n', "ol", "d_name(1)"),
    "before a closing bracket": ("print(║)\n", "va", "lue, end='é')"),
    "before other text": ("total = ║ + 1\n", "co", "unt(names)"),
    "last line without an end": ("x = 1\ny = ║", "xs", "[0]"),
}


@pytest.mark.parametrize(("marked", "typed", "text"), PLACES.values(), ids=PLACES)
def test_accepting_inserts_exactly_what_was_suggested(
    start_scripted: StartScripted, marked: str, typed: str, text: str
) -> None:
    before, _, after = marked.partition("║")
    before = before + typed
    inserted = text.removesuffix(")") if after.startswith(")") else text
    editor = start_scripted({"after": before[-4:], "text": text}, accept_key="<Tab>")
    editor.open("example.py", marked)
    editor.type(typed)
    editor.wait_for_ghost()
    assert editor.text == (before + after).removesuffix("\n")
    editor.type("<Tab>")
    editor.wait_for_text((before + inserted + after).removesuffix("\n"))
    last_line = (before + inserted).rpartition("\n")[2]
    assert editor.cursor == ((before + inserted).count("\n") + 1, len(last_line.encode()))
    wait_until(lambda: editor.n_accepted == 1, "the server has confirmed the acceptance")


def test_lines_accepted_in_a_crlf_file_end_in_crlf(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI, accept_key="<Tab>")
    editor.open("example.py", "import os\r\n║\r\n")
    editor.type("def f")
    editor.wait_for_ghost(GHOST)
    editor.type("<Tab>")
    editor.wait_for_text("import os\ndef f" + GHOST)
    editor.run("silent write")
    expected = f"import os\ndef f{GHOST}\n".replace("\n", "\r\n").encode()
    assert Path(editor.nvim.current.buffer.name).read_bytes() == expected


def test_a_buffer_without_a_name_gets_suggestions(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI)
    editor.run("set filetype=python")
    editor.wait_until_attached()
    editor.type("idef f")
    editor.wait_for_ghost(GHOST)


def test_the_screen_shows_every_line_of_the_suggestion(
    start_scripted: StartScripted, version: str
) -> None:
    editor = start_scripted(FIBONACCI)
    editor.open("example.py", "import os\n║\nprint(os)\n")
    editor.type("def f")
    editor.wait_for_screen(f"import os\ndef f{GHOST}\nprint(os)\n")
    assert editor.text == "import os\ndef f\nprint(os)"
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / f"neovim-{version}-lines.txt").write_text(editor.screen, encoding="utf-8")


def test_the_suggestion_shrinks_while_it_is_typed(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI, accept_key="<Tab>")
    editor.open("example.py", "║\n")
    editor.type("def f")
    editor.wait_for_ghost(GHOST)
    editor.type("i")
    editor.wait_for_ghost(GHOST.removeprefix("i"))
    editor.type("b(<Tab>")
    editor.wait_for_text("def f" + GHOST)


def test_a_suggestion_that_fits_no_more_is_never_inserted(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI, accept_key="<Tab>")
    editor.open("example.py", "║\n")
    editor.type("def f")
    editor.wait_for_ghost(GHOST)
    editor.type("x<Tab>")
    editor.wait_for_text("def fx  ")
    wait_until(lambda: not editor.ghost, "the suggestion is hidden")


def test_an_answer_to_older_text_is_never_shown(start_scripted: StartScripted) -> None:
    editor = start_scripted({"after": "slow", "hold": True}, {"after": "er", "text": " = 1"})
    editor.open("example.py", "║\n")
    editor.type("slow")
    wait_until(lambda: "inlineCompletion" in editor.server_log, "the first request is under way")
    editor.type("er")
    editor.wait_for_ghost(" = 1")


@pytest.mark.parametrize("key", ["<Esc>", "<C-e>"])
def test_the_suggestion_can_be_hidden(start_scripted: StartScripted, key: str) -> None:
    editor = start_scripted(FIBONACCI)
    editor.run("imap <C-e> <Plug>(cloister-dismiss)")
    editor.open("example.py", "║\n")
    editor.type("def f")
    editor.wait_for_ghost(GHOST)
    editor.type(key)
    wait_until(lambda: not editor.ghost, "the suggestion is hidden")
    assert editor.text == "def f"


def test_a_suggestion_can_be_accepted_in_parts(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI)
    editor.run("imap <C-f> <Plug>(cloister-accept-word)")
    editor.run("imap <C-l> <Plug>(cloister-accept-line)")
    editor.run("imap <C-y> <Plug>(cloister-accept)")
    editor.open("example.py", "║\n")
    editor.type("def f")
    taken = ""
    for key, part in (
        ("<C-f>", "ib"),
        ("<C-f>", "("),
        ("<C-l>", "n):"),
        ("<C-f>", "\n    if"),
        ("<C-l>", " n < 2:"),
        ("<C-l>", "\n        return n"),
    ):
        editor.wait_for_ghost(GHOST.removeprefix(taken))
        editor.type(key)
        taken += part
        editor.wait_for_text("def f" + taken)
    assert editor.n_accepted == 0
    editor.wait_for_ghost(GHOST.removeprefix(taken))
    editor.type("<C-y>")
    editor.wait_for_text("def f" + GHOST)
    wait_until(lambda: editor.n_accepted == 1, "the server has confirmed the acceptance")


def test_undo_takes_back_only_what_was_accepted(start_scripted: StartScripted) -> None:
    editor = start_scripted(FIBONACCI, accept_key="<Tab>")
    editor.open("example.py", "║\n")
    editor.type("def f")
    editor.wait_for_ghost(GHOST)
    editor.type("<Tab>")
    editor.wait_for_text("def f" + GHOST)
    editor.type("<Esc>u")
    editor.wait_for_text("def f")


@pytest.mark.parametrize(
    ("before", "after", "columns", "text", "expected"),
    [
        ("foo(", ")", (0, 5), "foo(a) + foo(b)", "foo(a) + foo(b)"),
        ("é = x", ") # é", (5, 7), "x + y)", "é = x + y) # é"),
        ("    ", "", (0, 4), "    if x:\n        pass", "    if x:\n        pass"),
    ],
)
def test_a_suggestion_may_replace_text_after_the_cursor(
    start_scripted: StartScripted,
    before: str,
    after: str,
    columns: tuple[int, int],
    text: str,
    expected: str,
) -> None:
    editor = start_scripted()
    editor.open("example.py", f"{before}║{after}\n")
    editor.lua(
        """
        local suggestions = require('cloister.suggestion')
        local item = { first = select(1, ...), last = select(2, ...), text = select(3, ...) }
        suggestions.accept(suggestions.new(suggestions.place(), item), 'all')
        """,
        *columns,
        text,
    )
    assert editor.text == expected
