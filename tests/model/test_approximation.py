"""The measurement of what moved cells cost: the whole command, and its parts with tiny models."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.approximation.cases import choose_cases
from bench.approximation.outcomes import compare
from bench.approximation.trials import Measure
from cloister.core.errors import ModelError
from cloister.engine.llama.model import Model, open_model
from support.tiny_models import ATTENTION, RECURRENT, write_tiny_model

if TYPE_CHECKING:
    from bench.approximation.outcomes import Comparison
    from bench.tensor_shapes import Shape

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[2]
CODE = "\n".join(f"    value_{n} = compute(value_{n - 1}, {n} * {n + 3})" for n in range(1, 90))
N_CASES = 2


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[["Shape"], Model]]:
    folder, models = tmp_path_factory.mktemp("models"), list[Model]()

    def open_shape(shape: "Shape") -> Model:
        models.append(open_model(write_tiny_model(folder, shape), 1, lambda _fraction: None))
        return models[-1]

    yield open_shape
    for model in models:
        model.close()


@pytest.fixture(scope="module")
def comparisons(opened: Callable[["Shape"], Model]) -> list["Comparison"]:
    seen: list[None] = []
    cases = choose_cases([("sample.py", CODE)], N_CASES)
    result = compare(opened(ATTENTION), cases, lambda: seen.append(None))
    assert len(seen) == N_CASES
    return result


def test_the_same_prompt_from_scratch_has_the_same_outcome(
    comparisons: list["Comparison"],
) -> None:
    noise = [it for it in comparisons if it.measure is Measure.NOISE]
    assert len(noise) == N_CASES
    for it in noise:
        assert not it.moved
        assert it.outcome.tokens[0] == it.reference.tokens[0]
        # One comes from batches of 37 tokens, so the last digits differ.
        assert it.outcome.truth_nats == pytest.approx(it.reference.truth_nats, abs=1e-2)


def test_moving_costs_less_to_read_and_changes_something(
    comparisons: list["Comparison"],
) -> None:
    typed = [it for it in comparisons if it.measure is Measure.TYPED]
    assert {it.fresh_tokens for it in typed} == {0, 16, 32, 64}
    for it in typed:
        assert it.moved
        assert it.evaluated_tokens < it.prompt_tokens / 2
        assert 0 < it.drift_tokens <= it.amount
    assert any(it.outcome.truth_nats != it.reference.truth_nats for it in typed)


def test_a_log_probability_is_one(comparisons: list["Comparison"]) -> None:
    for it in comparisons:
        for outcome in (it.reference, it.outcome):
            # Random weights know nothing: about log(8192) nats a token, never a sure thing.
            assert -20 < outcome.truth_nats < -1
            assert outcome.tokens


def test_a_model_whose_cells_cannot_move_says_so(opened: Callable[["Shape"], Model]) -> None:
    with pytest.raises(ModelError, match="cannot move; choose another model"):
        compare(opened(RECURRENT), [], lambda: None)


async def test_the_command_measures_the_bundled_model(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(CODE, encoding="utf-8")
    result = await run("--source", str(tmp_path), "--cases", "1", "--json")
    facts, rows = result["facts"], result["rows"]
    assert facts["cases"] == 1
    kinds = Counter(row["measure"] for row in rows)
    assert kinds.keys() == {measure.value for measure in Measure}
    assert (kinds["typed"], kinds["behind the marker"]) == (12, 5)
    for row in rows:
        figures = [figure for name, figure in row.items() if name != "measure"]
        assert all(isfinite(figure) for figure in figures)
        assert row["reference_nats"] < 0
    assert sum(row["n_cases"] for row in rows) <= 1 + 12 + 16 + 4 + 1 + 5


async def test_a_model_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    process = await start("--model", str(tmp_path / "none.gguf"))
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().splitlines()[-1].startswith("bench: llama.cpp cannot load the model")


async def run(*arguments: str) -> dict[str, Any]:
    process = await start(*arguments)
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    result: dict[str, Any] = json.loads(output)
    return result


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.approximation", *arguments),
        cwd=ROOT / "scripts",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_folder_without_code_is_one_sentence(tmp_path: Path) -> None:
    process = await start("--source", str(tmp_path))
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors == b"bench: There is no case to measure; name more Python code with --source.\n"
