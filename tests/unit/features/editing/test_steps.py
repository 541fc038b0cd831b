"""What is said while a model writes: how much, and how fast."""

from cloister.core.generation import Chunk
from cloister.features.editing.steps import Step, Writing


def test_the_speed_counts_from_the_first_chunk() -> None:
    times = iter([100.0, 100.5, 102.0])
    steps: list[Step] = []
    writing = Writing(steps.append, lambda: next(times))
    for text, n_tokens in (("def ", 2), ("f():\n", 3), ("    pass\n", 37)):
        assert not writing(Chunk(text, 1.0, n_tokens))
    assert [it.message for it in steps] == [
        "Writing",
        "Writing, 5 tokens, 6.0 tokens/s",
        "Writing, 42 tokens, 20.0 tokens/s",
    ]
    assert [it.written for it in steps] == ["def ", "def f():\n", "def f():\n    pass\n"]


def test_no_time_is_no_speed() -> None:
    steps: list[Step] = []
    writing = Writing(steps.append, lambda: 1.0)
    for _ in range(2):
        writing(Chunk("a", 1.0))
    assert {it.message for it in steps} == {"Writing"}
