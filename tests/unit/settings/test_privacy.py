"""Only the user's own file permits anything; an editor's word counts when it is stricter."""

from pathlib import Path

import pytest

from cloister.settings.resolve import FILE_NAMES, resolve_settings
from cloister.settings.settings import PrivacySettings, Settings
from cloister.settings.user_folders import UserFolders


@pytest.mark.parametrize(
    ("table", "privacy", "n_problems"),
    [
        ({}, PrivacySettings("local-only"), 0),
        ({"level": "ask"}, PrivacySettings("ask"), 0),
        ({"level": "allow", "loopback": True}, PrivacySettings("allow", loopback=True), 0),
        ({"level": "everything"}, PrivacySettings("local-only"), 1),
        ({"level": 2}, PrivacySettings("local-only"), 1),
        ({"loopback": "yes"}, PrivacySettings("local-only"), 1),
        ({"levle": "allow"}, PrivacySettings("local-only"), 1),
        ({"local_only": True}, PrivacySettings("local-only", local_only=True), 0),
    ],
)
def test_the_users_file(
    table: dict[str, object], privacy: PrivacySettings, n_problems: int
) -> None:
    settings, problems = resolve_settings({"privacy": table}, names=FILE_NAMES)
    assert (settings.privacy, len(problems)) == (privacy, n_problems)


@pytest.mark.parametrize(
    "options",
    [{"privacy": {"level": "allow"}}, {"privacy.level": "allow"}, {"privacy.loopback": True}],
)
def test_an_editor_has_no_word_that_permits(options: dict[str, object]) -> None:
    settings, problems = resolve_settings(options)
    assert settings == Settings()
    assert len(problems) == 1


def test_an_editor_may_be_stricter_and_no_source_takes_it_back() -> None:
    user = Settings(privacy=PrivacySettings("allow"))
    assert resolve_settings({"localOnly": True}, user)[0].privacy.local_only
    strict = Settings(privacy=PrivacySettings("allow", local_only=True))
    assert resolve_settings({"localOnly": False}, strict)[0].privacy.local_only


def test_backends_are_read_elsewhere() -> None:
    assert resolve_settings({"backends": {"a": 1}}, names=FILE_NAMES) == (Settings(), ())


@pytest.mark.parametrize(
    ("environment", "folder"),
    [({}, "/home/u/.local/state"), ({"XDG_STATE_HOME": "/s"}, "/s")],
)
def test_what_is_remembered_lies_where_such_things_lie(
    environment: dict[str, str], folder: str
) -> None:
    assert UserFolders(Path("/home/u"), environment, "linux").state == Path(folder)
