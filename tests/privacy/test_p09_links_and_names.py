"""P09: a file has the rules of every name that leads to it: by links, in any case of letters."""

import unicodedata
from pathlib import Path

import pytest

from cloister.core.privacy import Level
from support.policies import Machine, mark


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with a folder that is open, one that is not, and a file in each."""
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("one = 1\n")
    mark(tmp_path / "closed")
    return Machine(tmp_path)


def test_p09_links_between_them_are_closed_both_ways(machine: Machine) -> None:
    root = machine.root
    for source, target in (("open", "closed"), ("closed", "open")):
        (root / source / "file.py").symlink_to(root / target / "a.py")
        (root / source / "folder").symlink_to(root / target)
        (root / source / "relative").symlink_to(f"../{target}")
        for name in ("file.py", "folder/a.py", "relative/a.py", "folder/missing.py"):
            assert machine.level(root / source / name) is Level.LOCAL_ONLY, (source, name)
    assert machine.level(root / "open" / "a.py") is Level.ALLOW


def test_p09_dots_lead_where_the_system_says(machine: Machine) -> None:
    root = machine.root
    (root / "open" / "folder").symlink_to(root / "closed")
    for path in ("open/../closed/a.py", "open/folder/../closed/a.py"):
        assert machine.level(root / path) is Level.LOCAL_ONLY
    assert machine.level(root / "open" / "." / "a.py") is Level.ALLOW


def test_p09_a_vanished_mark_is_remembered_behind_links(machine: Machine) -> None:
    root = machine.root
    (root / "alias").symlink_to(root / "closed")
    (root / "closed" / "out").symlink_to(root / "open")
    assert machine.level(root / "alias" / "a.py") is Level.LOCAL_ONLY
    (root / "closed" / ".cloister.toml").unlink()
    for path in ("closed/a.py", "alias/a.py", "closed/out/a.py", "alias/out/a.py"):
        assert machine.level(root / path) is Level.LOCAL_ONLY, path
    assert machine.level(root / "open" / "a.py") is Level.ALLOW


@pytest.mark.parametrize("is_folder", [False, True])
@pytest.mark.parametrize("other", [None, "open"])
def test_p09_a_text_outlives_the_link_that_it_was_read_through(
    machine: Machine,
    is_folder: bool,  # noqa: FBT001  # a case
    other: str | None,
) -> None:
    """An editor still has the text of a file whose link leads elsewhere by now, or nowhere."""
    policy, link = machine.policy(), machine.root / "open" / "link"
    name = Path() if is_folder else Path("a.py")
    link.symlink_to(machine.root / "closed" / name)
    document = link / "a.py" if is_folder else link
    assert policy.for_file(document).level is Level.LOCAL_ONLY
    link.unlink()
    if other is not None:
        link.symlink_to(machine.root / other / name)
    assert policy.for_file(document).level is Level.LOCAL_ONLY
    assert policy.for_document(document.as_uri(), []).level is Level.LOCAL_ONLY
    assert len(policy.real_paths(document)) == 2
    # The next process never saw where it led.
    assert machine.level(document) is Level.ALLOW


def test_p09_a_secret_behind_a_link_that_is_gone_stays_one(machine: Machine) -> None:
    policy, link = machine.policy(), machine.root / "open" / "b.py"
    (machine.root / "open" / ".env").write_text("")
    link.symlink_to(".env")
    assert policy.is_denied(link)
    link.unlink()
    assert policy.is_denied(link)


def test_p09_a_link_that_leads_to_ever_more_places_leads_nowhere(machine: Machine) -> None:
    policy, link = machine.policy(), machine.root / "open" / "b.py"
    for number in range(101):
        link.unlink(missing_ok=True)
        link.symlink_to(f"{number}.py")
        level = policy.for_file(link).level
        assert level is (Level.ALLOW if number < 100 else Level.LOCAL_ONLY)


def test_p09_the_case_of_letters_hides_nothing(tmp_path: Path) -> None:
    """On file systems that ignore case the same folder is named in many ways."""
    machine = Machine(tmp_path)
    path = mark(tmp_path / "Straße")
    assert machine.level(path) is Level.LOCAL_ONLY
    path.unlink()
    for name in ("Straße", "straße", "STRASSE", unicodedata.normalize("NFD", "Straße")):
        assert machine.level(tmp_path / name / "a.py") is Level.LOCAL_ONLY, name
    assert machine.level(tmp_path / "Strasze" / "a.py") is Level.ALLOW


def test_p09_patterns_do_not_depend_on_case_or_composition(tmp_path: Path) -> None:
    mark(tmp_path, 'version = 1\ndeny = ["Café/", "/Keys/*.TXT"]\n')
    policy = Machine(tmp_path / "home").policy()
    composed, decomposed = (unicodedata.normalize(form, "CAFÉ") for form in ("NFC", "NFD"))
    for name in (composed, decomposed, "café", "Café"):
        assert policy.denial(tmp_path / name / "menu.py") is not None, name
    assert policy.denial(tmp_path / "keys" / "A.txt") is not None
    assert policy.denial(tmp_path / "cafe" / "menu.py") is None


@pytest.mark.parametrize("path", ["relative.py", "/a\0b.py", "/" + "a" * 300, "/x" * 3000])
def test_p09_a_path_that_leads_nowhere_restricts_and_never_fails(path: str, tmp_path: Path) -> None:
    assert Machine(tmp_path).level(Path(path)) is Level.LOCAL_ONLY
