from dataclasses import replace

import pytest

from cloister.workspace.activity import Activity, ActivityLog, Diagnostic, Edit, View


def test_typing_on_is_one_edit() -> None:
    log = ActivityLog()
    for old, new in [("x = ", "x = f"), ("x = f", "x = fo"), ("x = fo", "x = foo")]:
        log.edited(Edit("/w/a.py", 3, old, new))
    assert log.below("/").edits == (Edit("w/a.py", 3, "x = ", "x = foo"),)


def test_lines_that_follow_belong_to_the_edit_that_wrote_them() -> None:
    log = ActivityLog()
    log.edited(Edit("/w/a.py", 3, "", "one\ntwo"))
    log.edited(Edit("/w/a.py", 4, "two", "two\nthree"))
    assert log.below("/").edits == (Edit("w/a.py", 3, "", "one\ntwo\nthree"),)


def test_edits_elsewhere_are_edits_of_their_own_and_the_latest_comes_first() -> None:
    log = ActivityLog()
    first, second, third = (
        Edit("/w/a.py", 3, "x", "y"),
        Edit("/w/a.py", 90, "x", "y"),
        Edit("/w/b.py", 3, "x", "y"),
    )
    for edit in (first, second, third):
        log.edited(edit)
    assert log.below("/").edits == tuple(
        replace(each, path=each.path[1:]) for each in (third, second, first)
    )


def test_of_each_file_the_latest_view_counts() -> None:
    log = ActivityLog()
    for view in (View("/w/a.py", 0, 9), View("/w/b.py", 0, 9), View("/w/a.py", 50, 60)):
        log.viewed(view)
    assert log.below("/").views == (View("w/a.py", 50, 60), View("w/b.py", 0, 9))


def test_everything_is_bounded() -> None:
    log = ActivityLog()
    for n in range(1000):
        log.edited(Edit(f"/w/{n}.py", n, "x", "y"))
        log.edited(Edit("/w/a.py", n * 100, "", "long " * 10_000))
        log.viewed(View(f"/w/{n}.py", 0, 9))
        log.diagnosed(f"/w/{n}.py", [Diagnostic(0, 0, "message")] * 1000)
        log.named_types(f"/w/{n}.py", ["Name"] * 1000)
    log.copied("long " * 10_000)
    activity = log.below("/")
    assert len(activity.edits) <= 40
    assert len(activity.views) <= 20
    assert len(activity.diagnostics) <= 50
    assert sum(map(len, activity.type_names.values())) <= 50 * 200
    assert activity.clipboard == ""


def test_what_was_taken_before_stays_as_it_was() -> None:
    log = ActivityLog()
    before = log.below("/")
    log.copied("text")
    assert before == Activity()
    assert log.below("/").clipboard == "text"


@pytest.mark.parametrize(
    ("folder", "path"),
    [("/w", "a/b.py"), ("/w/", "a/b.py"), ("/", "w/a/b.py"), ("/w/a", "b.py"), ("/w/aa", None)],
)
def test_what_happened_below_a_folder(folder: str, path: str | None) -> None:
    log = ActivityLog()
    log.edited(Edit("/w/a/b.py", 3, "x", "y"))
    log.viewed(View("/w/a/b.py", 0, 9))
    log.diagnosed("/w/a/b.py", [Diagnostic(0, 0, "message")])
    log.named_types("/w/a/b.py", ["Name"])
    activity = log.below(folder)
    paths = [path] if path else []
    assert [each.path for each in activity.edits] == paths
    assert [each.path for each in activity.views] == paths
    assert list(activity.diagnostics) == list(activity.type_names) == paths
