from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.approximation.cases import LEAST_LINES_AROUND, choose_cases, read_sources

LINES = [f"    value_{n} = compute({n}, {n * n})" for n in range(100)]
SOURCES = [("one.py", "\n".join(LINES)), ("two.py", "\n".join([*LINES, "# the end", ""]))]


@given(st.integers(0, 60), st.integers(0, 5))
def test_a_case_is_a_whole_file_with_the_end_of_one_line_apart(n_cases: int, seed: int) -> None:
    cases = choose_cases(SOURCES, n_cases, seed)
    # The first file has room at lines 41 to 58, the second at two more.
    assert len(cases) == min(n_cases, 18 + 20)
    for case in cases:
        name, _, number = case.name.partition(":")
        assert case.before + case.truth + case.after == dict(SOURCES)[name]
        assert case.before.count("\n") == int(number) - 1 >= LEAST_LINES_AROUND
        assert case.after.count("\n") >= LEAST_LINES_AROUND
        assert case.after.startswith("\n")
        assert len(case.truth) >= 4


def test_the_same_sources_give_the_same_cases() -> None:
    assert choose_cases(SOURCES, 10) == choose_cases(SOURCES, 10)
    assert len(set(choose_cases(SOURCES, 38))) == 38


def test_comments_and_empty_lines_are_no_cases() -> None:
    lines = ["# nothing but words", ""] * 100
    assert choose_cases([("words.py", "\n".join(lines))], 10) == []


def test_files_that_nobody_wrote_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "written.py").write_text("print()\n", encoding="utf-8")
    (tmp_path / "minified.py").write_text("x" * 500, encoding="utf-8")
    (tmp_path / "data.txt").write_text("print()\n", encoding="utf-8")
    assert read_sources([tmp_path, tmp_path / "inner"]) == [("written.py", "print()\n")] * 2
