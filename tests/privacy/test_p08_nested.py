"""P08: a mark holds for everything below it, across the borders of repositories."""

from pathlib import Path

import pytest

from cloister.core.privacy import Level
from support.policies import LOCAL_ONLY, OPEN, Machine, mark

CASES = {
    "inner": (OPEN, LOCAL_ONLY, Level.ALLOW, Level.LOCAL_ONLY),
    "outer": (LOCAL_ONLY, OPEN, Level.LOCAL_ONLY, Level.LOCAL_ONLY),
    "only the inner one has any": (None, LOCAL_ONLY, Level.ALLOW, Level.LOCAL_ONLY),
    "only the outer one has any": (LOCAL_ONLY, None, Level.LOCAL_ONLY, Level.LOCAL_ONLY),
    "the inner one would permit": (
        LOCAL_ONLY,
        "version = 1\nlocal-only = false\n",
        Level.LOCAL_ONLY,
        Level.LOCAL_ONLY,
    ),
    "neither": (OPEN, OPEN, Level.ALLOW, Level.ALLOW),
}


@pytest.mark.parametrize("kind", ["folder", "repository", "submodule"])
@pytest.mark.parametrize("name", CASES)
def test_p08_each_file_has_the_strictest_of_all_above_it(
    name: str, kind: str, tmp_path: Path
) -> None:
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "packages" / "inner"
    inner.mkdir(parents=True)
    (outer / ".git").mkdir()
    if kind == "repository":
        (inner / ".git").mkdir()
    elif kind == "submodule":
        (inner / ".git").write_text("gitdir: ../../.git/modules/inner\n")
    outer_text, inner_text, outer_level, inner_level = CASES[name]
    for folder, text in ((outer, outer_text), (inner, inner_text)):
        if text is not None:
            mark(folder, text)
    machine = Machine(tmp_path)
    assert machine.level(outer / "a.py") is outer_level
    assert machine.level(outer / "packages" / "b.py") is outer_level
    assert machine.level(inner / "deep" / "down" / "c.py") is inner_level
    assert machine.level(tmp_path / "beside.py") is Level.ALLOW


def test_p08_a_mark_far_above_every_repository_holds(tmp_path: Path) -> None:
    mark(tmp_path / "work")
    deep = tmp_path.joinpath("work", *["folder"] * 50, "a.py")
    assert Machine(tmp_path).level(deep) is Level.LOCAL_ONLY


def test_p08_patterns_hold_from_the_folder_of_their_mark_on(tmp_path: Path) -> None:
    mark(tmp_path / "outer", 'version = 1\ndeny = ["/customers/", "*.sql"]\n')
    mark(tmp_path / "outer" / "inner", 'version = 1\ndeny = ["/local.py"]\n')
    policy = Machine(tmp_path).policy()
    denied = "customers/a.py inner/local.py inner/x.sql x.sql"
    free = "inner/customers/a.py local.py inner/deep/local.py customers.py"
    for path in denied.split():
        assert policy.denial(tmp_path / "outer" / path) is not None, path
    for path in free.split():
        assert policy.denial(tmp_path / "outer" / path) is None, path
