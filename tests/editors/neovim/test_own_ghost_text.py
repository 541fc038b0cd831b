"""What the plugin does itself where Neovim has no inline completion."""

import re
from collections.abc import Callable

import pytest

from support.neovim import Editor, wait_until

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("version", ["0.11", "0.10"], indirect=True),
]

StartScripted = Callable[..., Editor]

REQUEST = re.compile(r'"rpc.send".*"textDocument/inlineCompletion"')


def test_typing_on_cancels_the_request(start_scripted: StartScripted) -> None:
    editor = start_scripted({"after": "slow", "hold": True})
    editor.open("example.py", "║\n")
    editor.type("slow")
    wait_until(lambda: REQUEST.search(editor.server_log), "the request is under way")
    assert "$/cancelRequest" not in editor.server_log
    editor.type("er")
    wait_until(lambda: "$/cancelRequest" in editor.server_log, "the request is cancelled")


def test_typing_what_is_shown_asks_for_nothing(start_scripted: StartScripted) -> None:
    editor = start_scripted({"after": "val", "text": "ue = 1"})
    editor.open("example.py", "x = 1; ║\n")
    editor.type("val")
    editor.wait_for_ghost("ue = 1")
    n_requests = len(REQUEST.findall(editor.server_log))
    for n_typed, key in enumerate("ue =", 1):
        editor.type(key)
        editor.wait_for_ghost("ue = 1"[n_typed:])
    assert len(REQUEST.findall(editor.server_log)) == n_requests


LAYOUTS = {
    "at the end of the line": ("ab", 0, "", "inline", ["ab"]),
    "before kept text": ("ab", 0, ")", "inline", ["ab"]),
    "ending in the covered text": ("ab)", 1, ")", "inline", ["ab"]),
    "around the covered text": ("a) + b", 1, ");", "overlay", ["a) + b;"]),
    "hiding longer covered text": ("a", 3, ")))", "overlay", ["a  "]),
    "several lines before kept text": ("a\nb", 0, ")  # é", "overlay", ["a" + " " * 5, "b)  # é"]),
    "several lines over covered text": (
        "\n  a\n)",
        1,
        ") # é",
        "overlay",
        ["     ", "  a", ") # é"],
    ),
}


@pytest.mark.parametrize(
    ("left", "n_covered", "after", "position", "lines"), LAYOUTS.values(), ids=LAYOUTS
)
def test_our_own_ghost_text_looks_like_the_result(  # one column per value
    start_scripted: StartScripted,
    left: str,
    n_covered: int,
    after: str,
    position: str,
    lines: list[str],
) -> None:
    editor = start_scripted()
    layout = "return { require('cloister.ghost').layout(...) }"
    shown_position, chunks = editor.lua(layout, left, n_covered, after)
    assert shown_position == position
    assert ["".join(chunk[0] for chunk in line) for line in chunks] == lines
