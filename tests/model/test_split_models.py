"""A model in parts answers as the whole file does, through a real engine."""

from pathlib import Path

import pytest

from cloister.backends.local import EngineOptions, LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import ModelError
from cloister.core.generation import GenerationRequest
from support.engine_process import MODEL, infill
from support.split_models import write_split_model

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

REQUEST = GenerationRequest(infill("def add(a, b):\n    return", "\n"), 8)


async def written(path: Path) -> str:
    backend = LocalBackend(path, None, EngineOptions(), on_loading=lambda _fraction: None)
    try:
        return (await backend.generate(REQUEST, lambda _chunk: False, CancelToken())).text
    finally:
        await backend.close()


async def test_the_parts_answer_as_the_whole(tmp_path: Path) -> None:
    first, *_ = write_split_model(MODEL, tmp_path, 3)
    assert await written(first) == await written(MODEL) != ""


async def test_a_missing_part_is_one_sentence(tmp_path: Path) -> None:
    first, second, _ = write_split_model(MODEL, tmp_path, 3)
    second.unlink()
    with pytest.raises(ModelError, match=rf"its part {second.name} is missing"):
        await written(first)
