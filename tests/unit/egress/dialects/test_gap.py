"""What of a chat model's answer goes into the gap at the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.chat import Role
from cloister.egress.dialects import Infill
from cloister.egress.dialects.gap import ask_for_gap, is_filled, text_for_gap

CASES = [
    ("def f():\n    return ", "\n", "<fill>a + b</fill>", "a + b"),
    ("def f():\n    return ", "\n", "Here you are: <fill>a + b</fill> Enjoy!", "a + b"),
    # Fences, alone and between the tags.
    ("x = ", "\n", "```python\n1\n```", "1"),
    ("x = ", "\n", "```python\n1\n```\nThis sets x.", "1"),
    ("x = ", "\n", "<fill>\n```python\n1\n```\n</fill>", "1"),
    # Talk is nothing.
    ("x = ", "\n", "I would write 1 here.", ""),
    ("x = ", "\n", "", ""),
    ("x = ", "\n", "<fill></fill>", ""),
    # What the answer repeats of the line is taken off.
    ("def f():\n    return ", "\n", "<fill>    return a</fill>", "a"),
    ("def f():\n    return ", "\n", "<fill>return a</fill>", "a"),
    ("(", ")", "<fill>(a)</fill>", "(a)"),
    # In an empty line an answer may begin on a line of its own, with the indentation.
    ("def f():\n    ", "\n", "<fill>\n    return 1\n</fill>", "return 1"),
    ("def f():\n    ", "\n", "<fill>return 1\n</fill>", "return 1"),
    ("def f():\n", "def g(): ...", "<fill>    return 1\n</fill>", "    return 1\n"),
    ("if x:", "\n", "<fill>\n    pass</fill>", "\n    pass"),
    # Cut off by the limit.
    ("x = ", "\n", "<fill>1 + 2</fi", "1 + 2"),
    ("x = ", "\n", "<fill>a < b", "a < b"),
    ("x = ", "\n", "```\n1 + 2", "1 + 2"),
]


@pytest.mark.parametrize(("before", "after", "answer", "text"), CASES)
def test_only_what_belongs_there_is_taken(before: str, after: str, answer: str, text: str) -> None:
    assert text_for_gap(Infill(before, after, 10), answer) == text


def test_the_question_shows_the_gap_and_the_other_files() -> None:
    infill = Infill("x = ", "\ny = 2\n", 10, files=(("b.py", "z = 3\n"),))
    question = ask_for_gap(infill)
    system, user = question.messages
    assert system.role is Role.SYSTEM
    assert user.text == "File b.py:\nz = 3\n\nThe file:\nx = <gap/>\ny = 2\n"
    assert question.max_tokens > infill.max_tokens


def test_nothing_is_waited_for_after_the_end() -> None:
    assert is_filled("<fill>a</fill>")
    assert not is_filled("<fill>a</fil")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_any_answer_is_taken(before: str, after: str, answer: str) -> None:
    text_for_gap(Infill(before, after, 10), answer)


@given(st.text(alphabet="ab (\n", max_size=20))
def test_what_stands_between_the_tags_arrives(text: str) -> None:
    assert text_for_gap(Infill("(", ")", 10), f"<fill>{text}</fill>") == text
