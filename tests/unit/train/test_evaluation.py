from pathlib import Path

import pytest

from cloister.engine.llama.model import open_model
from cloister.families import family_of
from cloister.models.catalogue import BUNDLED
from train.answers import Answer, Asker, Way, copied
from train.corpus import SourceFile
from train.cuts import Kind
from train.questions import Question, questions_in, written_in
from train.scores import row_of, scored

TEXT = "".join(
    f"def read_{i}(path):\n    with open(path) as file:\n        return file.read({i})\n\n\n"
    for i in range(40)
)


def file(name: str, text: str = TEXT) -> SourceFile:
    return SourceFile("package", f"package/{name}.py", "python", "tested", text)


def question(before: str, truth: str, after: str = "\n", others: str = "") -> Question:
    source = file("asked", before + truth + after)
    return Question(source, Kind.LINE, len(before), len(before + truth), others)


def test_questions_are_the_same_every_time_and_leave_the_file_itself_out() -> None:
    files = [file("one"), file("two", TEXT.replace("read", "load"))]
    asked = questions_in(files, 30)
    assert asked == questions_in(files, 30)
    assert len(asked) == 30
    for it in asked:
        assert it.before + it.truth + it.after == it.file.text
        assert it.others == next(other.text for other in files if other is not it.file)


def test_a_script_of_a_package_in_another_language_is_not_asked_about() -> None:
    script = SourceFile("other", "other/build.py", "python", "tested", TEXT)
    source = SourceFile("other", "other/main.go", "go", "tested", TEXT + TEXT)
    files = [script, source, file("one")]
    assert written_in("python", files) == [files[2]]
    assert written_in("go", files) == [source]


def test_only_code_is_asked_about() -> None:
    commented = "".join(
        f'def f_{i}(value):\n    """Say.\n\n    {"prose " * 9}\n    """\n'
        f"    # {'remark ' * 9}\n    return value + {i}\n\n\n"
        for i in range(40)
    )
    asked = questions_in([file("one", commented), file("tests/test_one")], 60)
    assert {it.file.path for it in asked} == {"package/one.py"}
    assert not any({"prose", "remark"} & set(it.truth.split()[:2]) for it in asked)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (question("total = sum(a)\nx = 1\ntotal = ", "sum(a)"), "sum(a)"),
        (question("y = lo", "ad()", others="x = load(path)\n"), "ad(path)"),
        (question("@", "there", after=""), ""),
    ],
)
def test_copying_goes_on_as_the_longest_match_does(asked: Question, expected: str) -> None:
    assert copied(asked) == expected


@pytest.mark.parametrize(
    ("text", "is_exact", "parses"),
    [
        ("(a, b)", True, True),
        ("(a, b)  ", True, True),
        ("(a)", False, True),
        ("(a, b", False, False),
    ],
)
def test_an_answer_is_worth_what_it_says(text: str, *, is_exact: bool, parses: bool) -> None:
    found = scored(question("x = f", "(a, b)"), Answer(text))
    assert (found.is_exact, found.parses) == (is_exact, parses)


def test_confidence_is_told_by_thirds() -> None:
    right = [scored(question("x = ", "1"), Answer("1", 0.9)) for _ in range(3)]
    wrong = [scored(question("x = ", "1"), Answer("2", 0.1)) for _ in range(6)]
    row = row_of([*wrong, *right])
    assert (row.n, row.exact, row.thirds) == (9, pytest.approx(1 / 3), (1.0, 0.0, 0.0))


@pytest.mark.model
def test_a_model_is_asked_as_in_use() -> None:
    asked = question(f"{TEXT}with open(path) as file:\n    return file.", "read(1)", "\n", TEXT)
    model = open_model(Path(BUNDLED.path), 1, lambda _fraction: None)
    try:
        family = family_of(model.description)
        assert family is not None
        asker = Asker(model, family)
        answers = {way: asker.ask(asked, way) for way in Way}
        assert answers[Way.DEFAULT].text.startswith("read(")
        assert answers[Way.DEFAULT].probability > answers[Way.GREEDY].probability / 2
        assert 0 < asker.bits(asked) < 30
        assert not any("\n" in answer.text for answer in answers.values())
    finally:
        model.close()
