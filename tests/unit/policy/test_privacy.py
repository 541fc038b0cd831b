"""What each speaker's layer says; the laws are `tests/privacy/test_p05_*`."""

from pathlib import Path

import pytest

from cloister.core.privacy import Layer, LayerKind, Level
from cloister.policy.privacy import (
    environment_layers,
    judge,
    layer_facts,
    policy_hash,
    user_layers,
)
from cloister.settings.settings import PrivacySettings

USER_FILE = Path("/home/u/config.toml")
CLOSED = Layer(LayerKind.REPOSITORY, Level.LOCAL_ONLY, "`local-only = true`", Path("/r"))


@pytest.mark.parametrize(
    ("value", "is_shut"),
    [(None, False), ("", False), ("0", False), ("False", False), (" off ", False)]
    + [(value, True) for value in ("1", "true", "yes", "anything", "00")],
)
def test_the_kill_switch(value: str | None, is_shut: bool) -> None:  # noqa: FBT001  # a case
    environment = {} if value is None else {"CLOISTER_LOCAL_ONLY": value}
    layers = environment_layers(environment)
    assert bool(layers) == is_shut
    assert all(layer.level is Level.LOCAL_ONLY for layer in layers)


@pytest.mark.parametrize(
    ("privacy", "levels"),
    [
        (PrivacySettings(), [Level.LOCAL_ONLY]),
        (PrivacySettings("ask"), [Level.ASK]),
        (PrivacySettings("allow"), [Level.ALLOW]),
        (PrivacySettings("nonsense"), [Level.LOCAL_ONLY]),
        (PrivacySettings("allow", local_only=True), [Level.ALLOW, Level.LOCAL_ONLY]),
    ],
)
def test_what_the_user_and_the_editor_say(privacy: PrivacySettings, levels: list[Level]) -> None:
    layers = user_layers(privacy, USER_FILE)
    assert [layer.level for layer in layers] == levels
    assert layers[0].path == USER_FILE


def test_facts_are_plain_texts() -> None:
    assert layer_facts(CLOSED) == {
        "by": "repository",
        "level": "local-only",
        "rule": "`local-only = true`",
        "path": "/r",
    }
    assert layer_facts(judge([]).decided_by)["path"] == ""


def test_the_hash_changes_with_every_rule_and_every_byte_of_its_files() -> None:
    verdicts = (judge([]), judge([CLOSED]))
    files = ([], [("/r/.cloister.toml", "1")], [("/r/.cloister.toml", "2")])
    hashes = {policy_hash(verdict, digests) for verdict in verdicts for digests in files}
    assert len(hashes) == 6
    assert policy_hash(judge([CLOSED]), []) in hashes
