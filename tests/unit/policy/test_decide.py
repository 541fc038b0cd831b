"""The policy of one process: who is asked, and what is not forgotten."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.privacy import Layer, LayerKind, Level
from cloister.core.text import Text
from cloister.policy.decide import PrivacyPolicy, user_privacy
from cloister.policy.trigger import denial_reason
from cloister.settings.settings import PrivacySettings
from cloister.settings.user_folders import UserFolders
from cloister.workspace.documents import path_from_uri
from cloister.workspace.protection.protection import Places, Protection, usual_places
from support.policies import LOCAL_ONLY, OPEN, Machine, mark


def test_nothing_leaves_unless_the_user_says_so(tmp_path: Path) -> None:
    policy = Machine(tmp_path).policy(PrivacySettings())
    assert policy.standing().level is Level.LOCAL_ONLY
    assert policy.for_file(tmp_path / "a.py").decided_by.kind is LayerKind.USER


@pytest.mark.parametrize("text", [LOCAL_ONLY, 'version = 1\ndeny = ["*.py"]\n'])
def test_the_administrator_restricts_every_file(text: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.level(tmp_path / "a.py") is Level.ALLOW
    (tmp_path / "policy.toml").write_text(text)
    assert machine.level(tmp_path / "a.py") is Level.LOCAL_ONLY


def test_what_the_administrator_forbade_stays_so_in_this_process(tmp_path: Path) -> None:
    machine, file = Machine(tmp_path), tmp_path / "policy.toml"
    file.write_text(LOCAL_ONLY)
    policy = machine.policy()
    assert policy.for_file(tmp_path / "a.py").decided_by.kind is LayerKind.ADMINISTRATOR
    file.unlink()
    assert policy.for_file(tmp_path.parent / "b.py").level is Level.LOCAL_ONLY
    assert machine.level(tmp_path / "a.py") is Level.ALLOW


def test_the_environment_restricts_everything(tmp_path: Path) -> None:
    policy = Machine(tmp_path).policy(variables={"CLOISTER_LOCAL_ONLY": "1"})
    assert policy.for_folders([]).decided_by.kind is LayerKind.ENVIRONMENT


def test_what_was_local_only_once_stays_so_in_this_process(tmp_path: Path) -> None:
    settings = [PrivacySettings()]
    places = Places(tmp_path / "policy.toml", tmp_path / "state")
    protection = Protection(places)
    policy = PrivacyPolicy(lambda: settings[-1], tmp_path / "config.toml", {}, protection)
    assert policy.standing().level is Level.LOCAL_ONLY
    settings.append(PrivacySettings("allow"))
    held = policy.standing()
    assert held.level is Level.LOCAL_ONLY
    assert held.decided_by.rule.endswith("when cloister started or since; restart it")
    assert len(policy.standing().layers) == len(held.layers)


def document(uri: str) -> DocumentSnapshot:
    return DocumentSnapshot(uri, path_from_uri(uri), "python", 1, Text(""))


@pytest.mark.parametrize(
    ("path", "is_denied"),
    [("a.py", False), (".env", True), ("x/.ssh/a.py", True), ("gen/a.py", True), ("a.sql", True)],
)
def test_denied_files(path: str, is_denied: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a case
    mark(tmp_path, 'version = 1\ndeny = ["gen/", "*.sql"]\n')
    policy = Machine(tmp_path / "home").policy()
    verdict = policy.for_file(tmp_path / path)
    assert (verdict.denial is not None) == is_denied
    assert verdict.level is (Level.LOCAL_ONLY if is_denied else Level.ALLOW)
    for scheme in ("file", "git", "vscode-notebook-cell"):
        shown = document(f"{scheme}://{tmp_path / path}")
        assert (denial_reason(shown, policy.denial) is not None) == is_denied


def test_a_link_hides_no_secret(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    (tmp_path / "harmless.py").symlink_to(".env")
    denial = Machine(tmp_path).policy().denial(tmp_path / "harmless.py")
    assert denial is not None
    assert denial.rule == "'.env' is a name of secrets"


def test_a_document_that_is_no_file_is_not_denied(tmp_path: Path) -> None:
    assert Machine(tmp_path).policy().denial(None) is None


def test_the_reason_names_rule_and_file() -> None:
    rule = Layer(LayerKind.DENIED_FILE, Level.LOCAL_ONLY, "`deny` has 'a'", Path("/r/x"))
    outcome = denial_reason(document("file:///r/a"), lambda _path: rule)
    assert outcome is not None
    assert outcome.reason == "This file enters no prompt: `deny` has 'a' (/r/x)."


def test_the_fingerprint_changes_with_any_rule(tmp_path: Path) -> None:
    machine, folder = Machine(tmp_path), tmp_path / "repository"
    folder.mkdir()
    seen = [machine.policy().fingerprint(folder, [])]
    mark(folder, OPEN)
    seen.append(machine.policy().fingerprint(folder, []))
    mark(folder, OPEN + "# a remark\n")
    seen.append(machine.policy().fingerprint(folder, []))
    (tmp_path / "policy.toml").write_text(OPEN)
    seen.append(machine.policy().fingerprint(folder, []))
    seen.append(machine.policy(PrivacySettings("ask")).fingerprint(folder, []))
    assert len(set(seen)) == len(seen)
    assert machine.policy(PrivacySettings("ask")).fingerprint(folder, []) == seen[-1]


def test_the_fingerprint_is_that_of_what_decides_for_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    policy, outer = Machine(tmp_path).policy(), folder / "a.py"
    inner, other = folder / "sub" / "b.py", folder / "other" / "c.py"
    mark(folder, OPEN)
    before = policy.fingerprint(folder, [outer, inner])
    assert policy.fingerprint(folder, [inner, outer]) == before
    mark(folder / "sub", OPEN)
    after = policy.fingerprint(folder, [outer, inner])
    mark(folder / "sub", OPEN + "# a remark\n")
    assert len({before, after, policy.fingerprint(folder, [outer, inner])}) == 3
    # What holds elsewhere has no say here.
    assert policy.fingerprint(folder, [outer, other]) == before


@pytest.mark.parametrize("text", [None, "", "level", '[privacy]\nlevel = "al"\n', "[" * 9999])
def test_a_users_file_that_says_nothing_usable_permits_nothing(
    text: str | None, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / "config.toml").write_text(text)
    assert user_privacy(tmp_path / "config.toml") == PrivacySettings()


@pytest.mark.parametrize(
    ("platform", "administrator"),
    [
        ("linux", "/etc/cloister/policy.toml"),
        ("darwin", "/Library/Application Support/cloister/policy.toml"),
    ],
)
def test_rules_lie_where_users_cannot_or_where_only_they_can_write(
    platform: str, administrator: str
) -> None:
    places = usual_places(UserFolders(Path("/home/u"), {}, platform), platform)
    assert str(places.administrator) == administrator
    assert str(places.record) == "/home/u/.local/state/cloister/local-only"
