"""The grown model answers as the small one does, number for number, at many times its cost."""

from pathlib import Path

import llama_cpp
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.grown_model import ensure_grown_model
from cloister.models.catalogue import resolve_model

SOURCE = b"def mean(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n"
MARKERS = b"<|fim_suffix|>\n    return total<|fim_prefix|>def total(items):\n<|fim_middle|>"


@pytest.mark.parametrize("text", [SOURCE, MARKERS])
def test_the_same_is_answered_at_a_higher_cost(tmp_path: Path, text: bytes) -> None:
    small = resolve_model(None).path
    grown = ensure_grown_model(tmp_path, small)
    assert grown.stat().st_size > 50 * small.stat().st_size
    before, after = _scores(small, text), _scores(grown, text)
    # Both multiply in eight bits, so the last digits may differ.
    assert np.abs(after - before).max() < 0.05
    assert np.abs(before).max() > 1


def test_it_is_written_once(tmp_path: Path) -> None:
    small = resolve_model(None).path
    written = ensure_grown_model(tmp_path, small)
    first = written.stat().st_ino
    assert ensure_grown_model(tmp_path, small).stat().st_ino == first


def _scores(path: Path, text: bytes) -> NDArray[np.float32]:
    model = llama_cpp.Llama(str(path), n_ctx=128, logits_all=True, verbose=False, n_threads=1)
    tokens = model.tokenize(text, add_bos=False, special=True)
    model.eval(tokens)
    scores = np.array(model.scores[: len(tokens)])
    model.close()
    return scores
