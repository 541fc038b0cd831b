"""Names and paths, and which file each stands for."""

import hashlib
from pathlib import Path

import pytest

from cloister.core.errors import SettingsError
from cloister.models.catalogue import (
    BUNDLED,
    absolute_model,
    all_models,
    model_title,
    resolve_model,
)
from cloister.models.folder import own_folder
from cloister.settings.user_folders import UserFolders


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path, {}, "linux", root=tmp_path / "root")


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("GGUF")
    return path


def test_the_bundled_weights_are_the_ones_that_are_named() -> None:
    assert hashlib.sha256(BUNDLED.path.read_bytes()).hexdigest() == BUNDLED.sha256


@pytest.mark.parametrize("name", [None, "", "cloister-starter-v0"])
def test_no_name_means_the_bundled_model(name: str | None) -> None:
    assert resolve_model(name) == BUNDLED
    assert model_title(name) == BUNDLED.name


def test_a_path_is_taken_as_it_is() -> None:
    model = resolve_model("/m/some.gguf")
    assert (model.name, model.path) == ("some", Path("/m/some.gguf"))
    assert model.sha256 is None
    assert resolve_model("~/some.gguf").path == Path.home() / "some.gguf"


def test_a_relative_path_does_not_depend_on_where_we_run(
    folders: UserFolders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path / "..")
    for name in ("sub/some.gguf", "./sub/some.gguf"):
        assert resolve_model(name, folders).path == tmp_path / "sub" / "some.gguf"


def test_on_the_command_line_it_starts_where_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_model("sub/some.gguf") == str(tmp_path / "sub" / "some.gguf")
    assert absolute_model("owner/name:tag") == "owner/name:tag"


def test_a_name_means_a_file_that_was_found(folders: UserFolders) -> None:
    path = put(own_folder(folders) / "my-coder.gguf")
    assert resolve_model("my-coder", folders).path == path
    assert model_title("my-coder") == "my-coder"


def test_an_unknown_name_says_what_there_is(folders: UserFolders) -> None:
    with pytest.raises(SettingsError, match="cloister-starter-v0"):
        resolve_model("gpt-9", folders)
    put(own_folder(folders) / "my-coder.gguf")
    with pytest.raises(SettingsError, match="did you mean 'my-coder'"):
        resolve_model("my-codr", folders)


def test_a_name_of_several_files_is_refused_with_the_names_to_choose_from(
    folders: UserFolders,
) -> None:
    own = put(own_folder(folders) / "m.gguf")
    put(folders.home / ".lmstudio" / "models" / "x" / "m.gguf")
    with pytest.raises(SettingsError, match="one of m@cloister, m@lm-studio"):
        resolve_model("m", folders)
    assert resolve_model("m@cloister", folders).path == own


def test_files_of_one_name_and_one_tool_are_named_by_their_paths(folders: UserFolders) -> None:
    paths = [put(own_folder(folders) / sub / "m.gguf") for sub in ("a", "b")]
    names = [model.name for model in all_models(folders).models]
    assert names == [BUNDLED.name, *map(str, paths)]
    with pytest.raises(SettingsError, match="several models"):
        resolve_model("m", folders)


def test_nothing_takes_the_bundled_models_name(folders: UserFolders) -> None:
    put(own_folder(folders) / f"{BUNDLED.name}.gguf")
    assert resolve_model(BUNDLED.name, folders) == BUNDLED
    names = [model.name for model in all_models(folders).models]
    assert names == [BUNDLED.name, f"{BUNDLED.name}@cloister"]
