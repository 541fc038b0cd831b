"""Denied files below a root, for who looks at many."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.sources import Sources
from cloister.workspace.protection.denials import Denials
from support.policies import Machine, mark

NAMES = ["a.py", "b.sql", "gen", ".env", "x", "y/a.py", "y/gen/c.py", "y/z/secret.py", "y/b.SQL"]


@pytest.mark.parametrize("path", NAMES)
def test_they_are_those_of_the_policy(path: str, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    mark(tmp_path, 'version = 1\ndeny = ["/repository/y/z/"]\n')
    mark(root, 'version = 1\ndeny = ["*.sql", "gen/"]\n')
    (tmp_path / "policy.toml").write_text('version = 1\ndeny = ["x"]\n')
    denials = Denials(root, tmp_path / "policy.toml")
    assert denials.has(path) == Machine(tmp_path).policy().is_denied(root / path)


@given(st.text(max_size=20))
def test_any_path_has_an_answer(path: str) -> None:
    assert Denials(Path("/nowhere")).has(path) in {True, False}


def test_a_text_that_is_denied_later_is_not_told_any_more(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one = 1\n")
    sources = Sources(tmp_path)
    assert sources.text("a.py") == "one = 1\n"
    path = mark(tmp_path, 'version = 1\ndeny = ["a.py"]\n')
    assert sources.text("a.py") is None
    path.unlink()
    assert sources.text("a.py") is None
    assert Sources(tmp_path).text("a.py") == "one = 1\n"


def test_what_is_taken_out_of_the_root_denies_what_nobody_asked_about_before(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.sql").write_text("one\n")
    path = mark(tmp_path, 'version = 1\ndeny = ["*.sql"]\n')
    sources = Sources(tmp_path)
    path.unlink()
    assert sources.text("a.sql") is None
