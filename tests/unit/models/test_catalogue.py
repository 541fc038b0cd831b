import hashlib
from pathlib import Path

import pytest

from cloister.core.errors import SettingsError
from cloister.models.catalogue import BUNDLED, resolve_model


def test_the_bundled_weights_are_the_ones_that_are_named() -> None:
    assert hashlib.sha256(BUNDLED.path.read_bytes()).hexdigest() == BUNDLED.sha256


@pytest.mark.parametrize("name", [None, "", "cloister-starter-v0"])
def test_no_name_means_the_bundled_model(name: str | None) -> None:
    assert resolve_model(name) == BUNDLED


def test_a_path_is_taken_as_it_is() -> None:
    model = resolve_model("/m/some.gguf")
    assert model.path == Path("/m/some.gguf")
    assert model.sha256 is None
    assert resolve_model("~/some.gguf").path == Path.home() / "some.gguf"


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(SettingsError, match="cloister-starter-v0"):
        resolve_model("gpt-9")
