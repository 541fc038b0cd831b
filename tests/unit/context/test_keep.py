from cloister.context.keep import JUMP_LINES, NOWHERE, Shown, earned, has_jumped, is_worth_changing
from cloister.core.context import Snippet

OLD = Snippet("b.py", 0, 0, "old_name\n", "test")
NEW = Snippet("b.py", 1, 1, "new_name\n", "test")
LIKELY = {"new_name": 0.9, "old_name": 0.1}


def after(n_requests: int) -> Shown:
    shown = Shown((OLD,), 10)
    for _ in range(n_requests):
        shown = earned(shown)
    return shown


def test_a_change_has_to_be_earned() -> None:
    assert not is_worth_changing(after(40), (NEW,), LIKELY)
    assert is_worth_changing(after(60), (NEW,), LIKELY)


def test_a_small_gain_is_no_reason() -> None:
    likely = {"new_name": 0.5, "old_name": 0.45}
    assert not is_worth_changing(after(60), (NEW,), likely)


def test_the_same_snippets_are_no_change() -> None:
    assert not is_worth_changing(after(60), (OLD,), LIKELY)


def test_a_jump() -> None:
    shown = Shown((OLD,), 100)
    assert not has_jumped(shown, 100 + JUMP_LINES)
    assert has_jumped(shown, 100 + JUMP_LINES + 1)
    assert has_jumped(Shown((), NOWHERE), 0)
