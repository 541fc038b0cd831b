"""The bundled model in this process: tokens, reuse, probabilities and cancellation, by counts."""

import ctypes
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_cpp import _ggml

from cloister.core.errors import ModelError
from cloister.core.generation import Chunk, Finish, GenerationRequest, Timings
from cloister.core.prompt import Prompt, SegmentRole, marker, plain
from cloister.engine.documents import Documents
from cloister.engine.generation import Listener, generate
from cloister.engine.llama.context import MICRO_BATCH_TOKENS
from cloister.engine.llama.model import Model, open_model
from cloister.engine.speculation import BatchCosts
from cloister.gguf.tensors import TENSOR_BLOCKS
from support.engine_process import MODEL, infill

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.model

PREFIX = """import os


class Config:
    def __init__(self, name, path):
        self.name = name
        self."""
SUFFIX = """

    def load(self):
        with open(self.path) as file:
            return file.read()
"""


class NoDrafts(BatchCosts):
    """The costs of a machine on which drafts save nothing: counts depend on no clock."""

    def cost(self, n_tokens: int) -> float:
        return float(n_tokens)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    # One thread: spinning ones starve each other on a busy machine.
    opened = open_model(MODEL, 1, lambda _fraction: None)
    opened.batch_costs = NoDrafts()
    yield opened
    opened.close()


def never() -> bool:
    return False


def after(n_questions: int) -> Callable[[], bool]:
    """Return an answer to `should_stop` that is yes from question number `n_questions` on."""
    asked = iter(range(n_questions))
    return lambda: next(asked, None) is None


def write(
    model: Model,
    prompt: Prompt,
    max_tokens: int = 16,
    stop: tuple[str, ...] = (),
    should_stop: Callable[[], bool] = never,
) -> tuple[str, Finish, Timings]:
    chunks: list[Chunk] = []
    listener = Listener(should_stop, lambda _timings: None, chunks.append)
    request = GenerationRequest(prompt, max_tokens, stop)
    answer = generate(model, request, listener, monotonic())
    while True:
        try:
            next(answer)
        except StopIteration as end:
            finish, timings = end.value
            break
    assert timings.evaluated_tokens <= timings.prompt_tokens - timings.reused_tokens
    return "".join(chunk.text for chunk in chunks), finish, timings


def fresh(model: Model) -> None:
    model._park()
    model.documents = Documents()


def cached(model: Model) -> int:
    latest = model.documents.latest
    return len(latest.cached.tokens) if latest else 0


def test_loading_reports_growing_fractions_up_to_one() -> None:
    fractions: list[float] = []
    open_model(MODEL, 1, fractions.append).close()
    assert fractions[0] == 0.0
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_loading_ends_when_nobody_wants_it_any_more() -> None:
    fractions: list[float] = []

    def is_wanted(fraction: float) -> bool:
        fractions.append(fraction)
        return fraction < 0.5

    with pytest.raises(ModelError, match="cannot load"):
        open_model(MODEL, 1, is_wanted)
    assert fractions[-1] < 1.0


def test_the_description_holds_what_the_card_says(model: Model) -> None:
    description = model.description
    assert description.name == "cloister-starter-v0"
    assert description.architecture == "llama"
    assert description.context_tokens == 1024
    assert description.vocabulary_tokens == 8192
    assert description.fim_markers == {
        "prefix": "<|fim_prefix|>",
        "suffix": "<|fim_suffix|>",
        "middle": "<|fim_middle|>",
        "pad": "<|fim_pad|>",
        "repo": "<|repo_name|>",
        "file": "<|file_sep|>",
    }


def test_the_model_writes_what_the_code_asks_for(model: Model) -> None:
    text, finish, timings = write(model, infill(PREFIX, SUFFIX))
    assert text == "path = path"
    assert finish is Finish.END
    assert timings.generated_tokens == len(model.tokenize(text))


def test_markers_are_one_token_each_and_text_that_looks_like_one_is_not(model: Model) -> None:
    markers = model.description.fim_markers.values()
    assert [model.vocabulary.marker_token(text) for text in markers] == [1, 2, 3, 4, 5, 6]
    assert 1 not in model.tokenize("<|fim_prefix|>")
    with pytest.raises(ModelError, match="no marker <PRE>"):
        model.vocabulary.marker_token("<PRE>")


@given(text=st.text())
@settings(max_examples=50)
def test_tokens_spell_the_text(model: Model, text: str) -> None:
    tokens = model.tokenize(text)
    spelled = b"".join(model.vocabulary.piece(token) for token in tokens)
    assert spelled == text.encode("utf-8", "replace")


def test_texts_that_are_no_unicode_or_far_too_long(model: Model) -> None:
    assert model.tokenize("\ud800") == model.tokenize("?")
    assert model.tokenize("") == []
    with pytest.raises(ModelError, match="too long"):
        model.tokenize("a" * 1_000_000)


def test_typing_evaluates_the_typed_token_and_the_cue_everywhere(model: Model) -> None:
    fresh(model)
    typed = "path = os.path.join(name, path)\n        self.size = 0"
    _, _, first = write(model, infill(PREFIX, SUFFIX))
    assert first.reused_tokens == 0
    previous = model.tokenize(PREFIX)
    for end in range(1, len(typed) + 1):
        now = model.tokenize(PREFIX + typed[:end])
        common = next(
            (n for n, (a, b) in enumerate(zip(previous, now, strict=False)) if a != b),
            min(len(previous), len(now)),
        )
        _, _, timings = write(model, infill(PREFIX + typed[:end], SUFFIX))
        # What changed in the prefix, and the marker after it.
        assert timings.evaluated_tokens == len(now) - common + 1
        assert timings.evaluated_tokens <= 4
        assert timings.reused_tokens == timings.prompt_tokens - timings.evaluated_tokens
        previous = now


def test_reuse_does_not_change_the_answer(model: Model) -> None:
    texts = []
    for end in range(4):
        fresh(model)
        texts.append(write(model, infill(PREFIX + "path"[:end], SUFFIX))[0])
    fresh(model)
    reused = [write(model, infill(PREFIX + "path"[:end], SUFFIX))[0] for end in range(4)]
    assert reused == texts


def test_the_same_prompt_again_evaluates_one_token(model: Model) -> None:
    write(model, infill(PREFIX, SUFFIX))
    _, _, timings = write(model, infill(PREFIX, SUFFIX))
    assert timings.evaluated_tokens == 1


def test_probabilities_are_those_of_the_whole_vocabulary(model: Model) -> None:
    fresh(model)
    write(model, infill(PREFIX, SUFFIX), max_tokens=0)
    sampled = model.sample()
    logits = model._context.logits(-1).astype(float)
    assert sampled.token == logits.argmax()
    assert sampled.probability == pytest.approx(softmax(logits)[sampled.token], rel=1e-4)


def test_the_answer_ends_at_the_limit(model: Model) -> None:
    text, finish, timings = write(model, infill(PREFIX, SUFFIX), max_tokens=2)
    assert finish is Finish.LENGTH
    assert timings.generated_tokens == 2
    assert text == "path ="


def test_the_answer_ends_before_a_stop_text(model: Model) -> None:
    text, finish, _ = write(model, infill(PREFIX, SUFFIX), stop=(" =",))
    assert finish is Finish.STOP
    assert text == "path"


def test_no_tokens_wanted_means_none_written(model: Model) -> None:
    text, finish, timings = write(model, infill(PREFIX, SUFFIX), max_tokens=0)
    assert (text, finish, timings.generated_tokens) == ("", Finish.LENGTH, 0)


def softmax(logits: "NDArray[np.float64]") -> "NDArray[np.float64]":
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


LONG_PREFIX = "value = 1\n" * 200


def test_cancelling_stops_between_micro_batches(model: Model) -> None:
    fresh(model)
    n_tokens = len(model.tokenize(LONG_PREFIX))
    assert n_tokens > 2 * MICRO_BATCH_TOKENS
    # Inside a micro-batch llama.cpp asks as well, so the question is put by the batch count.
    batches: list[int] = []

    def second_batch_done() -> bool:
        batches.append(cached(model))
        return cached(model) >= 2 * MICRO_BATCH_TOKENS

    text, finish, timings = write(model, infill(LONG_PREFIX, SUFFIX), should_stop=second_batch_done)
    assert (text, finish) == ("", Finish.CANCELLED)
    assert timings.evaluated_tokens == 2 * MICRO_BATCH_TOKENS < timings.prompt_tokens
    assert cached(model) == 2 * MICRO_BATCH_TOKENS


def test_cancelling_stops_inside_a_micro_batch(model: Model) -> None:
    fresh(model)
    text, finish, timings = write(model, infill(LONG_PREFIX, SUFFIX), should_stop=after(10))
    assert (text, finish) == ("", Finish.CANCELLED)
    # The interrupted batch does not count: the next request evaluates it again.
    assert timings.evaluated_tokens == 0
    assert cached(model) == 0


def test_what_was_evaluated_before_cancelling_is_reused(model: Model) -> None:
    fresh(model)
    expected = write(model, infill(LONG_PREFIX, SUFFIX))[0]
    fresh(model)
    write(
        model,
        infill(LONG_PREFIX, SUFFIX),
        should_stop=lambda: cached(model) >= MICRO_BATCH_TOKENS,
    )
    text, _, timings = write(model, infill(LONG_PREFIX, SUFFIX))
    assert timings.reused_tokens == MICRO_BATCH_TOKENS
    assert text == expected


def test_cancelling_stops_between_tokens(model: Model) -> None:
    write(model, infill(PREFIX, SUFFIX))
    prompt_tokens = cached(model) - len(model.tokenize("path = path"))
    text, finish, timings = write(
        model,
        infill(PREFIX, SUFFIX),
        should_stop=lambda: cached(model) > prompt_tokens,
    )
    assert finish is Finish.CANCELLED
    assert timings.generated_tokens == 2
    assert text == "path ="


def test_a_prompt_that_does_not_fit_is_refused(model: Model) -> None:
    with pytest.raises(ModelError, match="does not fit the 1024 tokens"):
        write(model, infill("x = 1\n" * 1000, ""))


def test_an_empty_prompt_is_refused(model: Model) -> None:
    with pytest.raises(ModelError, match="0 tokens"):
        write(model, Prompt(()))


def test_the_answer_never_leaves_the_context(model: Model) -> None:
    fresh(model)
    words = plain(SegmentRole.PREFIX, "def f(a, b, c):\n    return a\n\n\n" * 60)
    prompt = Prompt((marker(SegmentRole.HEAD, "<|file_sep|>"), words))
    _, finish, timings = write(model, prompt, max_tokens=10_000)
    assert timings.prompt_tokens + timings.generated_tokens <= model.context_tokens
    assert finish in {Finish.LENGTH, Finish.END}


def test_a_file_that_llama_cpp_refuses_is_one_sentence(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("models") / "unknown.gguf"
    path.write_bytes(MODEL.read_bytes().replace(b"llama", b"lamma"))
    with pytest.raises(ModelError, match="choose another model") as caught:
        open_model(path, 1, lambda _fraction: None)
    assert "unknown model architecture" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tensor_sizes_are_those_of_ggml() -> None:
    library = _ggml.libggml
    library.ggml_blck_size.restype = ctypes.c_int64
    library.ggml_type_size.restype = ctypes.c_size_t
    for kind, (values, n_bytes) in TENSOR_BLOCKS.items():
        assert library.ggml_blck_size(kind) == values
        assert library.ggml_type_size(kind) == n_bytes
