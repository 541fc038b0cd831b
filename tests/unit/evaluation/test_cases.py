import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.evaluation.cases import (
    CASES_PER_COMMIT,
    Case,
    Change,
    Place,
    added_hunks,
    cases_of,
    moved_to,
)

OLD = "import os\n\n\ndef first():\n    return 1\n"
NEW = OLD + "\n\ndef second(path):\n    # a comment\n    return os.fspath(path)\n"


def the_cases(new: str, old: str = "", path: str = "a.py", seeds: int = 20) -> list[Case]:
    return [
        case for seed in range(seeds) for case in cases_of("c0ffee", [Change(path, old, new)], seed)
    ]


@pytest.mark.parametrize(
    ("old", "new", "hunks"),
    [
        ("", "a b", [(0, 2)]),
        ("a b", "a b", []),
        ("a b", "a x b", [(1, 2)]),
        ("a b c d", "a x c y d", [(1, 2), (3, 4)]),
        ("a b c", "a c", []),
        ("a a", "a a a", [(2, 3)]),
    ],
)
def test_added_lines_are_found(old: str, new: str, hunks: list[tuple[int, int]]) -> None:
    found = added_hunks(old.split(), new.split())
    assert [(hunk.start, hunk.stop) for hunk in found] == hunks


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_without_the_added_lines_only_old_ones_are_left(old: list[str], new: list[str]) -> None:
    added = {line for hunk in added_hunks(old, new) for line in hunk}
    left = iter(line for number, line in enumerate(new) if number not in added)
    # They stand in the old text in the same order.
    remaining = iter(old)
    assert all(line in remaining for line in left)


def test_texts_that_differ_too_much_have_no_hunks() -> None:
    assert added_hunks([f"a{n}" for n in range(2000)], [f"b{n}" for n in range(2000)]) == []


def test_a_new_file_of_any_length_is_one_hunk() -> None:
    assert added_hunks([], ["line"] * 5000) == [range(5000)]


def test_the_rest_of_the_hunk_is_gone_and_the_suffix_is_kept() -> None:
    new = "import os\nfirst_name = os.sep\nsecond_name = os.name\nlast = 1\n"
    for case in the_cases(new, old="import os\nlast = 1\n"):
        line = new.split("\n")[case.line]
        assert case.prefix + case.truth == "\n".join(new.split("\n")[: case.line + 1])
        assert case.prefix.endswith(line[: case.column])
        assert case.suffix == "\nlast = 1\n"
        assert case.name.endswith(f":a.py:{case.line + 1}:{case.column + 1}")


def test_cursors_stand_at_line_starts_and_before_names() -> None:
    cases = the_cases(NEW, OLD)
    assert {case.place for case in cases} == {Place.LINE_START, Place.MID_LINE}
    for case in cases:
        before = case.prefix.rpartition("\n")[2]
        assert (case.place is Place.LINE_START) == (not before.strip())
        if case.place is Place.MID_LINE:
            assert case.truth.startswith(case.names[0])


def test_names_are_identifiers_of_code_only() -> None:
    names = {name for case in the_cases(NEW, OLD) for name in case.names}
    # No keyword, no builtin, no word of a comment, nothing short.
    assert names == {"second", "path", "fspath"}


@pytest.mark.parametrize(
    "new",
    ["# only a comment\n", "    )\n", '"""Words in a text."""\n', f"value = {list(range(99))}\n"],
)
def test_lines_without_names_or_beyond_any_width_are_no_cases(new: str) -> None:
    assert the_cases(new) == []


def test_the_same_seed_gives_the_same_cases_and_another_one_others() -> None:
    many = "".join(f"name_{number} = call_{number}(value_{number})\n" for number in range(50))
    changes = [Change("a.py", "", many), Change("b.py", "", many)]
    first, again = cases_of("c0ffee", changes, 1), cases_of("c0ffee", changes[::-1], 1)
    assert [case.name for case in first] == [case.name for case in again]
    assert [case.name for case in first] != [case.name for case in cases_of("c0ffee", changes, 2)]


def test_a_commit_gives_few_cases_from_many_files() -> None:
    changes = [Change(f"file_{number}.py", "", NEW) for number in range(12)]
    cases = cases_of("c0ffee", changes, 0)
    assert len(cases) == CASES_PER_COMMIT
    assert len({case.path for case in cases}) == CASES_PER_COMMIT


@pytest.mark.parametrize(
    "changes",
    [
        [Change(f"{number}.py", "", NEW) for number in range(100)],
        [Change("a.py", NEW, "")],
        [Change("a.unknown", "", NEW)],
        [Change("a.py", NEW, NEW)],
    ],
)
def test_mass_changes_deletions_and_unknown_files_give_none(changes: list[Change]) -> None:
    assert cases_of("c0ffee", changes, 0) == []


TESTS = ["tests/a.py", "src/a.test.ts", "pkg/a_test.go", "src/test/java/ATest.java", "test_a.py"]
NO_TESTS = ["src/latest.py", "src/contest/a.py", "attest.py"]


@pytest.mark.parametrize("path", [*TESTS, *NO_TESTS])
def test_tests_are_told_by_their_path(path: str) -> None:
    cases = the_cases("value = called(path);\n", path=path, seeds=3)
    assert cases
    assert all(case.is_test == (path in TESTS) for case in cases)


def test_a_case_moves_to_a_name_of_its_truth() -> None:
    case = next(case for case in the_cases("first_call(second, second_call)\n") if not case.column)
    moved = moved_to(case, "second_call")
    assert (moved.prefix, moved.truth) == ("first_call(second, ", "second_call)")
    assert (moved.column, moved.place, moved.names) == (19, Place.MID_LINE, ("second_call",))
    assert moved_to(case, "first_call") == case


def test_windows_line_ends_are_plain() -> None:
    for case in the_cases(NEW.replace("\n", "\r\n"), OLD.replace("\n", "\r\n")):
        assert "\r" not in case.prefix + case.truth + case.suffix
