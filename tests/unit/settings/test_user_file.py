"""The user's own settings file: what is read, what is refused, and what writing leaves alone."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import SettingsError
from cloister.settings.options import OPTIONS
from cloister.settings.resolve import FILE_NAMES, resolve_settings
from cloister.settings.settings import Settings
from cloister.settings.user_file import read_user_file, user_file_path, write_user_option
from cloister.settings.user_folders import UserFolders

WRITTEN = """\
# my settings
enabled = true  # always

[completion]
max_tokens = 12
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cloister" / "config.toml"


def put(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(
    ("platform", "environment", "path"),
    [
        ("linux", {}, "/home/u/.config/cloister/config.toml"),
        ("darwin", {}, "/home/u/.config/cloister/config.toml"),
        ("linux", {"XDG_CONFIG_HOME": "/c"}, "/c/cloister/config.toml"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "/home/u/.config/cloister/config.toml"),
        ("win32", {"APPDATA": "/r", "XDG_CONFIG_HOME": "/c"}, "/r/cloister/config.toml"),
    ],
)
def test_the_file_lies_where_such_files_lie(
    platform: str, environment: dict[str, str], path: str
) -> None:
    assert user_file_path(UserFolders(Path("/home/u"), environment, platform)) == Path(path)


def test_a_missing_or_empty_file_is_the_defaults(file: Path) -> None:
    assert read_user_file(file) == (Settings(), ())
    assert read_user_file(put(file, "")) == (Settings(), ())
    assert read_user_file(put(file, "\ufeff# nothing")) == (Settings(), ())


def test_keys_are_those_of_the_settings(file: Path) -> None:
    settings, problems = read_user_file(put(file, WRITTEN + "[engine]\nthreads = 3\n"))
    assert problems == ()
    assert (settings.completion.max_tokens, settings.engine.threads) == (12, 3)


def test_every_option_has_a_key_in_the_file() -> None:
    samples = {bool: True, int: 77, float: 0.25, str: "x"}
    for option in OPTIONS:
        value = option.choices[0] if option.choices else samples[option.type]
        default, _ = resolve_settings({})
        changed, problems = resolve_settings({option.field: value}, default, FILE_NAMES)
        assert problems == ()
        assert changed != default or value is True


def test_what_the_editor_sends_outranks_the_file(file: Path) -> None:
    from_file, _ = read_user_file(put(file, 'model = "a"\n[completion]\nmax_tokens = 7\n'))
    settings, _ = resolve_settings({"model": "b", "completion": {"multiline": False}}, from_file)
    assert (settings.model, settings.completion.max_tokens) == ("b", 7)
    assert settings.completion.multiline is False


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('modle = "x"', "There is no option 'modle'; did you mean 'model'?"),
        ("[completion]\nmaxTokens = 3", "did you mean 'completion.max_tokens'?"),
        ("[completion]\nmax_tokens = 0", "'completion.max_tokens' must lie between 1 and 512."),
        ("enabled = 2020-01-01", "'enabled' must be true or false."),
        ('path = "x"', "There is no option 'path'"),
        ("completion = 1", "'completion' must be an object"),
    ],
)
def test_a_bad_key_is_named_with_the_file_and_the_others_count(
    file: Path, text: str, problem: str
) -> None:
    settings, problems = read_user_file(put(file, f"log_level = 'debug'\n{text}\n"))
    assert settings.log_level == "debug"
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: ")
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("enabled = true\nmodel = \n", "at line 2, column 9"),
        ("enabled = true\n[", "at end of document"),
        (b"x = 1\ny = '\xff'\n", "not UTF-8 in line 2"),
        ("#" * 1_048_577, "larger than 1 MB"),
        ("x = " + "[" * 10_000, "nested too deeply"),
        ("x = " + "9" * 5_000, "too long"),
    ],
)
def test_a_file_that_is_no_settings_file_is_one_sentence(
    file: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read_user_file(put(file, text))
    message = str(raised.value)
    assert said in message
    assert str(file) in message
    assert "\n" not in message


def test_a_fifo_or_a_folder_is_refused_and_never_waited_for(file: Path) -> None:
    file.parent.mkdir()
    os.mkfifo(file)
    with pytest.raises(SettingsError, match="not a regular file"):
        read_user_file(file)
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        read_user_file(file)


def test_writing_one_key_leaves_everything_else(file: Path) -> None:
    write_user_option(put(file, WRITTEN), "model", 'a "quoted" \\ name')
    assert file.read_text() == WRITTEN.replace(
        "# always\n", '# always\nmodel = "a \\"quoted\\" \\\\ name"\n'
    )
    assert read_user_file(file)[0].model == 'a "quoted" \\ name'
    write_user_option(file, "model", "b")
    assert file.read_text() == WRITTEN.replace("# always\n", '# always\nmodel = "b"\n')


def test_a_new_file_is_private_and_an_old_one_keeps_its_mode(file: Path) -> None:
    write_user_option(file, "model", "a")
    assert file.read_text() == 'model = "a"\n'
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    write_user_option(file, "model", "b")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert list(file.parent.iterdir()) == [file]


def test_the_file_behind_a_link_is_the_one_that_changes(file: Path, tmp_path: Path) -> None:
    dotfile = put(tmp_path / "dotfiles" / "cloister.toml", WRITTEN)
    file.parent.mkdir()
    file.symlink_to(dotfile)
    write_user_option(file, "model", "a")
    assert file.is_symlink()
    assert 'model = "a"' in dotfile.read_text()


def test_a_broken_file_is_not_written_to(file: Path) -> None:
    put(file, "model = \n")
    with pytest.raises(SettingsError, match="line 1"):
        write_user_option(file, "model", "a")
    assert file.read_text() == "model = \n"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cloister").write_text("")
    with pytest.raises(SettingsError, match="cannot be"):
        write_user_option(tmp_path / "cloister" / "config.toml", "model", "a")


@given(st.text(max_size=40), st.text(min_size=1, max_size=20))
def test_any_text_is_settings_or_a_sentence_and_writing_keeps_it_toml(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    file = tmp_path_factory.mktemp("any") / "config.toml"
    file.write_text(text, encoding="utf-8", errors="replace")
    try:
        read_user_file(file)
    except SettingsError:
        return
    write_user_option(file, "model", name)
    assert read_user_file(file)[0].model == name
