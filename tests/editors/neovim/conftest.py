"""Fixtures: every test runs in every supported Neovim."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.neovim import VERSIONS, Editor, Rule, find_neovim, run_neovim, scripted


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def binary(version: str) -> Path:
    found = find_neovim(version)
    if found is None:
        reason = f"Neovim {version} is missing: run `python3 scripts/dev.py test`"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return found


@pytest.fixture
def start(binary: Path, tmp_path: Path) -> Iterator[Callable[[Mapping[str, object]], Editor]]:
    """Start a Neovim with options for the plugin; it must end without an error message."""
    with ExitStack() as stack:
        editors: list[Editor] = []

        def start(options: Mapping[str, object]) -> Editor:
            editor = stack.enter_context(run_neovim(binary, tmp_path, options))
            editors.append(editor)
            return editor

        yield start
        for editor in editors:
            assert editor.nvim.vvars["errmsg"] == "", editor.messages


@pytest.fixture
def start_scripted(
    start: Callable[[Mapping[str, object]], Editor], tmp_path: Path
) -> Callable[..., Editor]:
    """Start a Neovim whose server answers from rules; keywords are options for the plugin."""

    def start_scripted(*rules: Rule, **options: object) -> Editor:
        return start({**scripted(tmp_path, *rules), **options})

    return start_scripted
