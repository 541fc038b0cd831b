"""The benchmark of answers over a handful of places, by counts."""

import os
from collections.abc import Iterator

import llama_cpp
import pytest

from bench.approximation.cases import Case
from bench.generation.drafts import measure_drafts
from bench.generation.lines import WAYS, attempt_lines
from cloister.engine.llama.model import Model, open_model
from support.engine_process import MODEL

pytestmark = pytest.mark.model

_ALL_F32 = 0

BEFORE = "class Config:\n    def __init__(self, name, path):\n        self.name = name\n        "
AFTER = "\n\n    def load(self):\n        return open(self.path).read()\n"
CASES = [
    Case("in_word.py", BEFORE + "sel", "f.path = path", AFTER),
    Case("after_dot.py", BEFORE + "self.", "path = path", AFTER),
]


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    opened = open_model(MODEL, 1, lambda _fraction: None)
    yield opened
    opened.close()


def test_every_case_is_tried_in_every_way(model: Model) -> None:
    done: list[None] = []
    attempts = list(attempt_lines(model, CASES, lambda: done.append(None)))
    assert len(done) == len(CASES)
    assert [attempt.way for attempt in attempts] == [*WAYS, *WAYS]
    in_word, after_dot = attempts[: len(WAYS)], attempts[len(WAYS) :]
    assert all(attempt.in_word for attempt in in_word)
    assert not any(attempt.in_word for attempt in after_dot)
    # Without healing the model does not even finish the word.
    assert any(attempt.is_exact for attempt in in_word if attempt.way.heals)
    assert not any(attempt.is_exact for attempt in in_word if not attempt.way.heals)
    assert all(attempt.is_exact and 0 < attempt.probability <= 1 for attempt in after_dot)


@pytest.fixture(scope="module")
def exact_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    """Open the bundled model in full precision, in which batches of any size round alike.

    In eight bits near ties fall one way in a batch and the other way one by one.
    """
    path = tmp_path_factory.mktemp("exact") / "exact.gguf"
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype, parameters.allow_requantize = _ALL_F32, True
    assert llama_cpp.llama_model_quantize(os.fsencode(MODEL), os.fsencode(path), parameters) == 0
    opened = open_model(path, 1, lambda _fraction: None)
    yield opened
    opened.close()


def test_drafts_leave_answers_as_they_are(exact_model: Model) -> None:
    speeds = list(measure_drafts(exact_model))
    assert [speed.text for speed in speeds] == ["repeating code", "prose"]
    for speed in speeds:
        assert speed.same == 1
        assert 0 <= speed.accepted <= speed.drafted
        assert speed.tokens > 0
    assert speeds[0].drafted > 0
