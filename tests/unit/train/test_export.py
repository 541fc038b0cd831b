"""What was trained is what llama.cpp runs: the same tokens, and the same expectations."""

import sysconfig
from pathlib import Path

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from tokenizers import Tokenizer

from cloister.engine.kv import Evaluate
from cloister.engine.llama.model import Model, open_model
from cloister.families import family_of
from cloister.models.catalogue import BUNDLED
from train.export import half_split, neighbouring, tensor_names, write_gguf
from train.knobs import Shape
from train.model import Decoder
from train.tokenizer import END, trained
from train.warm_start import tokenizer_of, warm_start

SHAPE = Shape(vocabulary=384, width=64, layers=2, heads=2, feed_forward=96, context=256)
TEXT = "".join(f"def area_{i}(width, height):\n    return width * height\n" for i in range(50))
N_FILES = 1000


@pytest.fixture
def vocabulary() -> Tokenizer:
    return trained(iter([TEXT]), SHAPE.vocabulary - 10)


def network() -> Decoder:
    torch.manual_seed(0)
    return Decoder(SHAPE).eval()


def exported(path: Path, decoder: Decoder, vocabulary: Tokenizer) -> Path:
    weights = {name: tensor.numpy() for name, tensor in decoder.state_dict().items()}
    write_gguf(path, weights, SHAPE, vocabulary, is_exact=True)
    return path


def test_llama_cpp_expects_what_the_network_expects(tmp_path: Path, vocabulary: Tokenizer) -> None:
    decoder = network()
    model = open_model(exported(tmp_path / "cloister-x.gguf", decoder, vocabulary), 1, _ignore)
    try:
        tokens = model.tokenize(TEXT)[:100]
        assert tokens == vocabulary.encode(TEXT).ids[:100]
        with torch.no_grad():
            expected = decoder(torch.tensor([tokens]))[0].numpy()
        assert np.abs(_logits(model, tokens) - expected).max() < 0.02
    finally:
        model.close()


def test_the_file_says_how_it_is_asked(tmp_path: Path, vocabulary: Tokenizer) -> None:
    model = open_model(exported(tmp_path / "cloister-x.gguf", network(), vocabulary), 1, _ignore)
    try:
        family = family_of(model.description)
        assert family is not None
        assert family.name == "cloister"
        assert model.context_tokens == SHAPE.context
        assert model.vocabulary.ends(vocabulary.token_to_id(END))
    finally:
        model.close()


def test_rows_that_are_put_in_order_come_back() -> None:
    weights = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    for name in tensor_names(SHAPE).values():
        assert np.array_equal(half_split(name, neighbouring(name, weights, SHAPE), SHAPE), weights)
    turned = neighbouring("blk.0.attn_q.weight", weights, SHAPE)
    assert turned[:4, 0].tolist() == [0, 16 * 64, 64, 17 * 64]


def test_a_run_can_begin_with_an_earlier_model(tmp_path: Path, vocabulary: Tokenizer) -> None:
    earlier = network()
    path = exported(tmp_path / "cloister-x.gguf", earlier, vocabulary)
    other = trained(iter([TEXT + "class Shape:\n    sides = 3\n" * 30]), SHAPE.vocabulary - 10)
    later = Decoder(SHAPE)
    warm_start(later, other, path)
    for name, tensor in later.state_dict().items():
        if name != "embedding.weight":
            assert torch.allclose(tensor, earlier.state_dict()[name], atol=1e-3)
    same = vocabulary.get_vocab().keys() & other.get_vocab().keys()
    assert len(same) > 200
    for piece in same:
        known = earlier.embedding.weight[vocabulary.token_to_id(piece)]
        begun = later.embedding.weight[other.token_to_id(piece)]
        assert torch.allclose(known, begun, atol=1e-3)


@pytest.mark.model
def test_the_bundled_vocabulary_splits_code_as_it_was_trained_to() -> None:
    vocabulary = tokenizer_of(GGUFReader(BUNDLED.path))
    model = open_model(BUNDLED.path, 1, _ignore)
    paths = sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))[:N_FILES]
    try:
        for path in paths:
            text = path.read_text(encoding="utf-8", errors="replace")[:4000]
            assert model.tokenize(text) == vocabulary.encode(text, add_special_tokens=False).ids
    finally:
        model.close()
    assert len(paths) == N_FILES


def _logits(model: Model, tokens: list[int]) -> "np.typing.NDArray[np.float32]":
    document = model.documents.add("test")
    rows = []
    for token in tokens:
        for _ in model.carry_out(document, [Evaluate((token,), n_sampled=1)], lambda: False):
            pass
        rows.append(model._context.logits(-1).copy())
    return np.stack(rows)


def _ignore(_fraction: float) -> None:
    pass
