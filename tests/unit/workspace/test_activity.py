from cloister.workspace.activity import Activity, ActivityLog, Diagnostic, Edit, View


def test_typing_on_is_one_edit() -> None:
    log = ActivityLog()
    for old, new in [("x = ", "x = f"), ("x = f", "x = fo"), ("x = fo", "x = foo")]:
        log.edited(Edit("a.py", 3, old, new))
    assert log.snapshot().edits == (Edit("a.py", 3, "x = ", "x = foo"),)


def test_lines_that_follow_belong_to_the_edit_that_wrote_them() -> None:
    log = ActivityLog()
    log.edited(Edit("a.py", 3, "", "one\ntwo"))
    log.edited(Edit("a.py", 4, "two", "two\nthree"))
    assert log.snapshot().edits == (Edit("a.py", 3, "", "one\ntwo\nthree"),)


def test_edits_elsewhere_are_edits_of_their_own_and_the_latest_comes_first() -> None:
    log = ActivityLog()
    first, second, third = (
        Edit("a.py", 3, "x", "y"),
        Edit("a.py", 90, "x", "y"),
        Edit("b.py", 3, "x", "y"),
    )
    for edit in (first, second, third):
        log.edited(edit)
    assert log.snapshot().edits == (third, second, first)


def test_of_each_file_the_latest_view_counts() -> None:
    log = ActivityLog()
    for view in (View("a.py", 0, 9), View("b.py", 0, 9), View("a.py", 50, 60)):
        log.viewed(view)
    assert log.snapshot().views == (View("a.py", 50, 60), View("b.py", 0, 9))


def test_everything_is_bounded() -> None:
    log = ActivityLog()
    for n in range(1000):
        log.edited(Edit(f"{n}.py", n, "x", "y"))
        log.edited(Edit("a.py", n * 100, "", "long " * 10_000))
        log.viewed(View(f"{n}.py", 0, 9))
        log.diagnosed(f"{n}.py", [Diagnostic(0, 0, "message")] * 1000)
        log.named_types(f"{n}.py", ["Name"] * 1000)
    log.copied("long " * 10_000)
    activity = log.snapshot()
    assert len(activity.edits) <= 40
    assert len(activity.views) <= 20
    assert len(activity.diagnostics) <= 50
    assert sum(map(len, activity.type_names.values())) <= 50 * 200
    assert activity.clipboard == ""


def test_what_was_taken_before_stays_as_it_was() -> None:
    log = ActivityLog()
    before = log.snapshot()
    log.copied("text")
    assert before == Activity()
    assert log.snapshot().clipboard == "text"
