"""The whole product: the model that comes with cloister writes ghost text for typed code."""

from collections.abc import Callable, Mapping

import pytest

from support.neovim import ARTIFACTS, Editor, wait_until

pytestmark = [pytest.mark.editor, pytest.mark.model]

# The engine ends with its last editor, so that no test leaves one behind.
OPTIONS = {"accept_key": "<Tab>", "settings": {"engine": {"idleSeconds": 0}}}

PLACES = {
    "statement": (
        "class Reading:\n    def __init__(self, name, value):\n        self.name = name\n        ║",
        "self.",
    ),
    "end of a line": ("import os\n║\n\nprint(os.name)", "import numpy as "),
    "before other code": (
        "def parse(text):\n    try:\n        return int(text)\n    ║\n        return None",
        "except Val",
    ),
}


@pytest.mark.parametrize(("marked", "typed"), PLACES.values(), ids=PLACES)
def test_typed_code_gets_a_suggestion_that_is_accepted_as_shown(
    start: Callable[[Mapping[str, object]], Editor], version: str, marked: str, typed: str
) -> None:
    before, _, after = marked.partition("║")
    editor = start(OPTIONS)
    editor.open("example.py", marked + "\n")
    for key in typed:
        editor.type(key)
    ghost = editor.wait_for_ghost()
    assert ghost.strip()
    assert editor.text == before + typed + after
    editor.wait_for_screen((before + typed + ghost).rpartition("\n")[2])
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / f"neovim-{version}-ghost.txt").write_text(editor.screen, encoding="utf-8")
    editor.type("<Tab>")
    editor.wait_for_text(before + typed + ghost + after)
    wait_until(lambda: editor.n_accepted == 1, "the server has confirmed the acceptance")
    assert editor.status["model"].startswith("cloister-")
    assert editor.status["backend"] == "local"
