"""What a model copies as a whole from elsewhere in the file does not fill a hole."""

from dataclasses import replace
from pathlib import Path

import pytest

from cloister.features.editing.answer import RefusedAnswerError
from support.action_cases import ActionCase, after_of, cases_of, done, filling, selection_of

REPEATED = "repeated what stands elsewhere"


def case_of(title: str, fill: str) -> ActionCase:
    case = next(it for it in cases_of("python").cases if it.title == title)
    return replace(case, fill=fill)


@pytest.mark.parametrize(
    ("title", "fill"),
    [
        ("Document “is_heavy”", "Return the cost in cents, at least one rate.\n"),
        ("Document “is_heavy”", "return self.weight >= LIMIT_KG"),
        (
            "Implement “shipping_cost”",
            "heavy = []\n    for parcel in parcels:\n        if parcel.is_heavy:\n",
        ),
        ("Implement “shipping_cost”", "self.weight = weight\n    self.fragile = fragile\n"),
    ],
)
async def test_copies_are_refused(title: str, fill: str, tmp_path: Path) -> None:
    case = case_of(title, fill)
    with pytest.raises(RefusedAnswerError, match=REPEATED):
        await done(case, selection_of(case, tmp_path), filling(case))


@pytest.mark.parametrize(
    ("title", "fill", "line"),
    [
        (
            "Document “is_heavy”",
            "Return whether it is heavy.\n",
            '"""Return whether it is heavy."""',
        ),
        ("Implement “shipping_cost”", "return heavy\n", "    return heavy"),
        ("Implement “shipping_cost”", "heavy = []\n    return weight\n", "    return weight"),
    ],
)
async def test_one_line_may_be_wanted_twice(
    title: str, fill: str, line: str, tmp_path: Path
) -> None:
    case = case_of(title, fill)
    place = selection_of(case, tmp_path)
    after = after_of(await done(case, place, filling(case)), place)
    assert after.count(line) == case.source.count(line) + 1


async def test_a_statement_that_is_indented_too_far_is_refused(tmp_path: Path) -> None:
    case = case_of("Implement “shipping_cost”", "# Why not.\n        return 3\n")
    with pytest.raises(RefusedAnswerError, match="not be valid python"):
        await done(case, selection_of(case, tmp_path), filling(case))
