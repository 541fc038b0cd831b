"""Patterns of files that enter no prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.protection.globs import GlobError, parse_globs

NAMES = st.text(alphabet="aAbßé.*?[]!/\\- \ud800", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("glob", "denied", "free"),
    [
        ("*.sql", "a.sql x/b.SQL x.sql/y", "sql a.sqlx"),
        ("customers/", "customers/a x/customers/b/c", "customers x/customers"),
        ("/gen", "gen gen/a.py", "x/gen"),
        ("a/**/b", "a/b a/x/y/b a/b/c", "x/a/b"),
        ("a/*.py", "a/x.py", "a/b/x.py x/a/y.py"),
        ("file?.txt", "file1.txt x/FILEX.txt", "file.txt"),
        ("[ab].c", "a.c B.C", "c.c"),
        ("\\!important", "!important", "important"),
    ],
)
def test_patterns(glob: str, denied: str, free: str) -> None:
    globs = parse_globs([glob])
    assert [path for path in denied.split() if globs.match(path) is None] == []
    assert [path for path in free.split() if globs.match(path) is not None] == []


@pytest.mark.parametrize(
    "glob", ["", "/", "//", "a//b", "./a", "a/../b", "[a", "# a", "!a", "a\nb", "a\\", "x" * 2000]
)
def test_a_pattern_that_would_match_nothing_is_an_error(glob: str) -> None:
    with pytest.raises(GlobError, match="cannot be understood"):
        parse_globs([glob])


def test_the_pattern_that_denies_is_named() -> None:
    assert parse_globs(["*.a", "B*", "c"]).match("x/bee") == "B*"
    assert parse_globs([]).match("anything") is None


@given(st.lists(NAMES, max_size=4), NAMES)
def test_more_patterns_never_deny_less(globs: list[str], path: str) -> None:
    usable = []
    for glob in globs:
        try:
            parse_globs([glob])
        except GlobError:
            continue
        usable.append(glob)
    alone = any(parse_globs([glob]).match(path) is not None for glob in usable)
    assert (parse_globs(usable).match(path) is not None) == alone
