import pytest

from cloister.evaluation.explain import NameExplanation, Witness

WITNESS = Witness("similar", "a.py", 3, 0.25, 7)


@pytest.mark.parametrize(
    ("definitions", "witnesses", "least_budget", "verdict"),
    [
        (["a.py:1"], [WITNESS], 512, "It is shown from 512 tokens on."),
        (
            ["a.py:1"],
            [WITNESS],
            None,
            "It was found by similar (number 7 there, score 0.250) and fell out of the budget.",
        ),
        (["a.py:1"], [], None, "It is defined in the index, and no source looked there."),
        ([], [], None, "No source found it, and the index has no definition of it."),
    ],
)
def test_what_became_of_a_name_is_one_sentence(
    definitions: list[str], witnesses: list[Witness], least_budget: int | None, verdict: str
) -> None:
    explanation = NameExplanation("name", 2, definitions, witnesses, least_budget)
    assert explanation.verdict == verdict
