"""What is being done is shown in a terminal, and leaves nothing behind."""

import io
import sys

import pytest

from cloister.cli.watching import watching
from cloister.features.editing.steps import Step


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "written"),
    [(Terminal(), "\r\x1b[2KChecking\r\x1b[2K\\x1b[1m\r\x1b[2K"), (io.StringIO(), "")],
)
def test_each_step_replaces_the_one_before(
    stream: io.StringIO, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with watching() as watch:
        watch(Step("Checking"))
        watch(Step("\x1b[1m"))
    assert stream.getvalue() == written
