"""Questions come from the text that follows a position, and are always equally long."""

from pathlib import Path

import pytest

from bench.index.questions import N_WORDS, question_at, questions_in

# Each name has two words and itself.
TEXT = " ".join(f"make_thing{number}" for number in range(40))
SHORT = "one two three"


def test_a_question_has_names_and_their_words_in_the_order_of_the_text() -> None:
    question = question_at("a.py", TEXT, 0.0)
    assert question is not None
    assert question.names == tuple(f"make_thing{number}" for number in range(N_WORDS))
    assert question.terms[:4] == ("make_thing0", "make", "thing", "make_thing1")
    assert len(set(question.terms)) == N_WORDS


@pytest.mark.parametrize(("text", "position"), [("", 0.0), (SHORT, 0.0), (TEXT, 0.9)])
def test_there_is_none_where_too_little_follows(text: str, position: float) -> None:
    assert question_at("a.py", text, position) is None


def test_questions_are_chosen_the_same_way_each_time(tmp_path: Path) -> None:
    names = [f"{number}.py" for number in range(20)]
    for name in names:
        (tmp_path / name).write_text(3 * TEXT if name != "7.py" else SHORT)
    questions = questions_in(tmp_path, names, 5)
    assert len(questions) == 5
    assert questions == questions_in(tmp_path, names, 5)
    assert questions != questions_in(tmp_path, names, 5, seed=1)
    everything = questions_in(tmp_path, names, 100)
    assert {question.path for question in everything} < {*names} - {"7.py"}
