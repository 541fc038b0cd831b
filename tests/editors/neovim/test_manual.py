"""The manual covers what there is, and Neovim's help finds it."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cloister.settings.options import OPTIONS
from support.neovim import PLUGIN, Editor

pytestmark = pytest.mark.editor

MANUAL = PLUGIN / "doc" / "cloister.txt"


def test_everything_has_a_tag(
    start: Callable[[Mapping[str, object]], Editor], tmp_path: Path
) -> None:
    folder = shutil.copytree(MANUAL.parent, tmp_path / "doc")
    editor = start({})
    editor.run(f"helptags {folder}")
    tags = {line.split("\t")[0] for line in (folder / "tags").read_text().splitlines()}
    plugs = {mapping["lhs"] for mapping in editor.nvim.api.get_keymap("i")}
    functions = {f"cloister.{name}()" for name in ("accept", "dismiss", "is_enabled", "toggle")}
    assert {name for name in plugs if name.startswith("<Plug>(cloister")} <= tags
    options = {f"cloister.{name}" for name in ("accept_key", "clipboard", "cmd", "settings")}
    assert {":Cloister", ":CloisterContext", *options} <= tags
    assert functions <= tags


@pytest.mark.parametrize("name", [option.name for option in OPTIONS])
def test_every_setting_of_the_server_is_explained(name: str) -> None:
    assert f"    {name} " in MANUAL.read_text(encoding="utf-8")
