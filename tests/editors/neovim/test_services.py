"""A completion by a service, which comes after the local one and takes its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.neovim import Editor, wait_until
from support.routing import filling, routing, user_file_text
from support.service_thread import service

pytestmark = pytest.mark.editor

StartScripted = Callable[..., Editor]


def test_what_a_service_writes_takes_the_place_of_what_is_shown(
    start_scripted: StartScripted, tmp_path: Path
) -> None:
    with service(filling("from the team")) as url:
        path = tmp_path / "CONFIG" / "cloister" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(user_file_text(url, routing()))
        rule = {"after": "unsure = ", "text": "local", "probability": 0.25}
        editor = start_scripted(rule)
        editor.open("example.py", "║\n")
        editor.type("unsure = ")
        editor.wait_for_ghost("from the team")
        editor.lua("return require('cloister').accept()")
        wait_until(lambda: "from the team" in editor.text, "it is inserted")
