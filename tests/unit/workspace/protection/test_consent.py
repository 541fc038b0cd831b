"""A consent counts for what it names and for nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cloister.core.privacy import Origin
from cloister.workspace.protection.consent import VALID_FOR, ConsentStore, Terms

NOW = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> ConsentStore:
    return ConsentStore(tmp_path / "state" / "consents")


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    folder = tmp_path / "repository"
    folder.mkdir()
    return Terms(folder, Origin("https", "api.example", 443), "model", "policy")


def test_it_holds_for_its_terms_until_it_expires(store: ConsentStore, terms: Terms) -> None:
    assert store.find(terms, NOW) is None
    consent = store.grant(terms, NOW)
    assert store.find(terms, NOW) == consent
    assert store.find(terms, NOW + VALID_FOR - DAY) == consent
    assert store.find(terms, NOW + VALID_FOR) is None
    assert store.find(terms, NOW - DAY) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": Origin("https", "api.example", 8443)},
        {"origin": Origin("http", "api.example", 443)},
        {"origin": Origin("https", "evil.example", 443)},
        {"model": "another"},
        {"policy": "another"},
    ],
)
def test_any_change_voids_it(store: ConsentStore, terms: Terms, changed: dict[str, str]) -> None:
    store.grant(terms, NOW)
    assert store.find(replace(terms, **changed), NOW) is None  # type: ignore[arg-type]  # one field


def test_files_under_other_rules_have_a_consent_of_their_own(
    store: ConsentStore, terms: Terms
) -> None:
    others = replace(terms, policy="that of a folder below")
    store.grant(terms, NOW)
    store.grant(others, NOW)
    assert store.find(terms, NOW) is not None
    assert store.find(others, NOW) is not None
    assert store.withdraw_all() == 2


def test_another_folder_at_the_same_path_has_none(store: ConsentStore, terms: Terms) -> None:
    store.grant(terms, NOW)
    terms.folder.rename(terms.folder.with_name("old"))
    assert store.find(terms, NOW) is None
    terms.folder.mkdir()
    assert store.find(terms, NOW) is None


def test_it_can_be_withdrawn(store: ConsentStore, terms: Terms) -> None:
    assert store.withdraw_all() == 0
    store.grant(terms, NOW)
    assert store.withdraw_all() == 1
    assert store.find(terms, NOW) is None


@pytest.mark.parametrize(
    "damage",
    [b"", b"[]", b"{}", b"[" * 10_000, b"\xff", b'{"granted": 1, "expires": 2}', b"1" * 2_000_000],
)
def test_what_cannot_be_read_is_none(
    damage: bytes, store: ConsentStore, terms: Terms, tmp_path: Path
) -> None:
    store.grant(terms, NOW)
    (path,) = (tmp_path / "state" / "consents").iterdir()
    path.write_bytes(damage)
    assert store.find(terms, NOW) is None


def test_times_without_a_zone_are_none(store: ConsentStore, terms: Terms, tmp_path: Path) -> None:
    store.grant(terms, NOW)
    (path,) = (tmp_path / "state" / "consents").iterdir()
    path.write_text(path.read_text().replace("+00:00", ""))
    assert store.find(terms, NOW) is None
