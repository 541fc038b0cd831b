"""What a model is shown of the staged files, and how much of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.features.committing.diff import FileDiff, file_diffs, within
from cloister.workspace.git.staged_diff import Blob, StagedEntry, StagedFile

LINES = "".join(f"line {number}\n" for number in range(30))


def file(path: str, old: str | None, new: str | None, hidden: str = "") -> StagedFile:
    sides = (None if text is None else Blob(0o100644, str(hash(text))) for text in (old, new))
    texts = ("", "") if hidden else (old or "", new or "")
    return StagedFile(StagedEntry(path, *sides), *texts, hidden)


CUT = "[the rest is not shown]\n"
CHANGED = file("a.py", LINES, LINES.replace("line 20", "other"))


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (
            [CHANGED],
            (
                "changed: a.py\n@@\n line 17\n line 18\n line 19\n-line 20\n+other\n"
                " line 21\n line 22\n line 23\n"
            ),
        ),
        ([file("n.py", None, "one\n")], "added: n.py\n@@\n+one\n"),
        ([file("o.py", "one\n", None)], "removed: o.py\n@@\n-one\n"),
        ([file("e.py", None, "")], "added: e.py\n"),
        ([file("b.bin", "a", "b", "binary")], "changed: b.bin (binary)\n"),
        ([file("crlf.py", "a\r\n", "a\n")], "changed: crlf.py (only its line ends)\n"),
        ([file("a.py", LINES, None), file("b.py", None, LINES)], "renamed: a.py -> b.py\n"),
        (
            [file("x.bin", "a", None, "binary"), file("y.bin", None, "a", "binary")],
            "renamed: x.bin -> y.bin (binary)\n",
        ),
    ],
)
def test_a_change_is_shown_in_few_lines(files: list[StagedFile], wanted: str) -> None:
    assert "".join(it.text for it in file_diffs(files)) == wanted


def test_a_file_that_was_renamed_and_changed_is_one() -> None:
    files = [file("a.py", LINES, None), file("b.py", None, LINES.replace("line 2\n", "two\n"))]
    (diff,) = file_diffs(files)
    assert (diff.path, diff.old_path) == ("b.py", "a.py")
    assert "-line 2\n+two\n" in diff.text


@pytest.mark.parametrize("n_before", [0, 330, 380, 395, 500])
def test_a_long_line_is_never_cut_within_a_secret(n_before: int) -> None:
    key = "AKIAQ3EGWXN5TZ7BKPLM"
    (diff,) = file_diffs([file("a.js", None, f"{'x ' * (n_before // 2)}'{key}', {'y ' * 400}\n")])
    assert key in diff.text or "AKIA" not in diff.text
    assert max(map(len, diff.text.splitlines())) <= 400


def test_long_files_are_one_only_if_they_are_the_same() -> None:
    long = "".join(f"a long line with the number {number}\n" for number in range(2_000))
    changed = file("b.py", None, long.replace("number 7\n", "7\n"))
    assert [it.old_path for it in file_diffs([file("a.py", long, None), changed])] == ["", ""]
    (moved,) = file_diffs([file("a.py", long, None), file("b.py", None, long)])
    assert moved.old_path == "a.py"


def test_what_is_not_alike_was_not_renamed() -> None:
    files = [file("a.py", LINES, None), file("b.py", None, "else\n")]
    assert [it.old_path for it in file_diffs(files)] == ["", ""]


def test_large_changes_are_compared_in_part() -> None:
    old, new = ("".join(f"{side} {n}\n" for n in range(5_000)) for side in ("old", "new"))
    (diff,) = file_diffs([file("a.py", old, new)])
    assert diff.text.endswith("[the rest is not shown]\n")
    assert diff.text.count("\n") < 2_010


def test_repeated_lines_do_not_take_long() -> None:
    old, new = "}\n{\n" * 50_000, "{\n}\n}\n" * 40_000
    (diff,) = file_diffs([file("a.py", old, new)])
    assert diff.text.count("\n") < 2_010


def test_a_large_file_does_not_hide_a_small_one() -> None:
    large, small = FileDiff("large", "changed: large\n" + "x\n" * 9_000), FileDiff("small", "s\n")
    shown = within([large, small], 500)
    assert [it.path for it in shown] == ["large", "small"]
    assert shown[1] == small
    assert shown[0].text.endswith("[the rest is not shown]\n")


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 400)), min_size=1, max_size=8),
    st.integers(0, 1_500),
)
def test_the_budget_holds_and_what_changes_least_is_left_out(
    sizes: list[tuple[int, int]], most_chars: int
) -> None:
    diffs = [
        FileDiff(str(n), f"{n}{'x' * head}\n" + "line\n" * body)
        for n, (head, body) in enumerate(sizes)
    ]
    shown = within(diffs, most_chars)
    assert sum(len(it.text) for it in shown) <= most_chars
    whole = {it.path: it for it in diffs}
    for it in shown:
        first, _, rest = it.text.partition("\n")
        assert whole[it.path].text.startswith(f"{first}\n{rest.removesuffix(CUT)}")
    left_out = whole.keys() - {it.path for it in shown}
    assert all(
        len(whole[path].text) <= len(whole[it.path].text) for path in left_out for it in shown
    )
    if sum(len(it.text) + len(CUT) for it in diffs) <= most_chars:
        assert shown == diffs
