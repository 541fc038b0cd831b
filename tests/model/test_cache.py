"""What is reused is what evaluation from scratch would give: every kind of memory, real llama.cpp.

Models with random weights in full precision, so that results can be compared to the last digits.
"""

from collections.abc import Callable, Generator, Iterator
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Finish, GenerationRequest, Priority, Timings
from cloister.core.prompt import Prompt, SegmentRole, marker, plain
from cloister.engine.documents import Documents
from cloister.engine.generation import SHIFT_RULE, Listener, generate, refine
from cloister.engine.kv import CHANGING_TOKENS, Evaluate
from cloister.engine.llama.model import Model, open_model
from cloister.engine.refresh import REFRESHED_TOKENS
from support.engine_process import infill
from support.tiny_models import (
    ATTENTION,
    HYBRID,
    RECURRENT,
    SLIDING_WINDOW,
    write_tiny_model,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.tensor_shapes import Shape

pytestmark = pytest.mark.model

ALL_MEMORIES = pytest.mark.parametrize(
    "shape", [ATTENTION, SLIDING_WINDOW, RECURRENT, HYBRID], ids=lambda shape: shape.name
)

# What a cell holds depends in its last digits on how many tokens were evaluated with it. The logits
# have a standard deviation of 3; reuse differs by up to 0.006, a wrong cell by 0.09.
NOISE = 0.02

LINES = [f"    value_{n} = compute(value_{n - 1}, {n} * {n + 3})  # step {n}" for n in range(1, 80)]


def prefix_first(prefix: str, suffix: str, path: str = "sample.py") -> Prompt:
    role = SegmentRole
    return Prompt(
        (
            plain(role.HEAD, f"# {path}\n"),
            marker(role.PREFIX, "<|fim_prefix|>"),
            plain(role.PREFIX, prefix),
            marker(role.SUFFIX, "<|fim_suffix|>"),
            plain(role.SUFFIX, suffix),
            marker(role.CUE, "<|fim_middle|>"),
        )
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[["Shape"], Model]]:
    folder = tmp_path_factory.mktemp("models")
    opened: dict[str, Model] = {}

    def take(shape: "Shape") -> Model:
        if shape.name not in opened:
            path = write_tiny_model(folder, shape)
            opened[shape.name] = open_model(path, 1, lambda _fraction: None)
        return opened[shape.name]

    yield take
    for model in opened.values():
        model.close()


def fresh(model: Model) -> Model:
    model._park()
    model.documents = Documents()
    return model


def run(
    model: Model,
    prompt: Prompt,
    max_tokens: int = 0,
    document: str = "a",
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Finish, Timings]:
    request = GenerationRequest(prompt, max_tokens, document=document)
    listener = Listener(should_stop, lambda _timings: None, lambda _chunk: None)
    answer = generate(model, request, listener, monotonic())
    while True:
        try:
            next(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # StopIteration is not generic


def logits(model: Model) -> "NDArray[np.float32]":
    return model._context.logits(-1).copy()


def from_scratch(model: Model, tokens: tuple[int, ...]) -> "NDArray[np.float32]":
    """Return the logits after `tokens` when nothing is reused."""
    fresh(model)
    document = model.documents.add("scratch")
    # The last tokens as after reuse: attention has another kernel for one token.
    n_last = 1 if model.memory.rewinds else CHANGING_TOKENS
    steps = [Evaluate(tokens[:-n_last]), Evaluate(tokens[-n_last:])]
    for _ in model.carry_out(document, steps, lambda: False):
        pass
    return logits(model)


def held_tokens(model: Model) -> tuple[int, ...]:
    latest = model.documents.latest
    assert latest is not None
    return latest.cached.tokens


def text_around(line: int, column: int | None = None) -> tuple[str, str]:
    """Return the text before and after a place in a line (its end without a column)."""
    before = "\n".join([*LINES[:line], LINES[line][:column]])
    after = "\n".join(
        [LINES[line][len(LINES[line]) if column is None else column :], *LINES[line + 1 :]]
    )
    return before, after


def edits() -> Iterator[tuple[str, str]]:
    """Yield what an editor shows: typing, deleting, a new line, edits around, jumps, and back."""
    before, after = text_around(30)
    for typed in ("\n", "    r", "esult", " = ", "value_3"):
        before += typed
        yield before, after
    yield before[:-3], after
    yield before[:-12], after
    yield before, ")" + after
    yield before.replace("step 4", "stage 4"), after
    yield before, after.replace("step 44", "stage 44")
    yield text_around(38, 10)
    yield text_around(24)
    yield before, after


@ALL_MEMORIES
def test_suffix_first_reuse_is_exact(tiny: Callable[["Shape"], Model], shape: "Shape") -> None:
    model = fresh(tiny(shape))
    seen = []
    for before, after in edits():
        _, timings = run(model, infill(before, after), max_tokens=3)
        run(model, infill(before, after))
        seen.append((held_tokens(model), logits(model)))
        assert timings.evaluated_tokens + timings.reused_tokens == timings.prompt_tokens
    for tokens, reused in seen:
        np.testing.assert_allclose(reused, from_scratch(model, tokens), atol=NOISE)


@ALL_MEMORIES
def test_typing_before_a_suffix_is_exact_and_costs_what_was_typed(
    tiny: Callable[["Shape"], Model], shape: "Shape"
) -> None:
    model = fresh(tiny(shape))
    before, after = text_around(30)
    before += "\n"
    run(model, prefix_first(before, after), max_tokens=3)
    seen = []
    for typed in ("   ", " result", " =", " value", "_", "3", "\n", "    x"):
        before += typed
        _, timings = run(model, prefix_first(before, after), max_tokens=3)
        n_typed = len(model.tokenize(typed))
        # A memory that cannot be rewound goes on from its checkpoint.
        most = n_typed + (2 if model.memory.rewinds else CHANGING_TOKENS)
        assert timings.evaluated_tokens <= most
        run(model, prefix_first(before, after))
        seen.append((held_tokens(model), logits(model)))
    for tokens, reused in seen:
        np.testing.assert_allclose(reused, from_scratch(model, tokens), atol=NOISE)


def test_the_tokens_are_those_of_the_prompt_after_every_edit(
    tiny: Callable[["Shape"], Model],
) -> None:
    model = fresh(tiny(ATTENTION))
    for before, after in edits():
        run(model, prefix_first(before, after))
        latest = model.documents.latest
        assert latest is not None
        assert latest.split is not None
        typed = before.removeprefix(latest.split)
        vocabulary = model.vocabulary
        assert held_tokens(model) == (
            *model.tokenize("# sample.py\n"),
            vocabulary.marker_token("<|fim_prefix|>"),
            *model.tokenize(latest.split),
            vocabulary.marker_token("<|fim_suffix|>"),
            *model.tokenize(after),
            vocabulary.marker_token("<|fim_middle|>"),
            *model.tokenize(typed),
        )


def test_a_jump_moves_the_suffix_and_an_idle_moment_makes_it_exact(
    tiny: Callable[["Shape"], Model],
) -> None:
    model = fresh(tiny(ATTENTION))
    run(model, prefix_first(*text_around(30)))
    _, timings = run(model, prefix_first(*text_around(34)))
    moved_tokens = len(model.tokenize("\n".join(LINES[30:34])))
    # The lines that were jumped over, the tail's fresh beginning, the line typed in, the marker.
    assert timings.evaluated_tokens <= moved_tokens + SHIFT_RULE.fresh_tokens + 40
    latest = model.documents.latest
    assert latest is not None
    assert not latest.cached.is_exact
    tokens = held_tokens(model)
    approximate = logits(model)
    assert exhaust(refine(model, lambda: False)) > 0
    assert latest.cached.is_exact
    run(model, prefix_first(*text_around(34)))
    assert held_tokens(model) == tokens
    exact = logits(model)
    expected = from_scratch(model, tokens)
    np.testing.assert_allclose(exact, expected, atol=NOISE)
    # What was moved was computed behind another text, so it must have differed at all.
    assert np.abs(approximate - expected).max() > 1e-2


def test_whoever_types_on_pays_little_for_what_idle_time_began(
    tiny: Callable[["Shape"], Model],
) -> None:
    model = fresh(tiny(ATTENTION))
    before, after = text_around(34)
    for n_looks in range(12):
        run(model, prefix_first(*text_around(30)))
        run(model, prefix_first(before, after))
        looks = iter(range(n_looks))
        exhaust(refine(model, lambda looks=looks: next(looks, None) is None))  # type: ignore[misc]  # mypy cannot infer a lambda's default
        before += "x"
        _, timings = run(model, prefix_first(before, after))
        # The piece that was interrupted, the line, and the marker.
        assert timings.evaluated_tokens <= REFRESHED_TOKENS + SHIFT_RULE.fresh_tokens + 32
        fresh(model)


def test_nothing_is_left_to_refine_after_typing(tiny: Callable[["Shape"], Model]) -> None:
    model = fresh(tiny(ATTENTION))
    run(model, prefix_first(*text_around(30)))
    assert exhaust(refine(model, lambda: False)) == 0


def test_long_typing_is_split_anew_in_an_idle_moment(tiny: Callable[["Shape"], Model]) -> None:
    model = fresh(tiny(ATTENTION))
    before, after = text_around(30)
    run(model, prefix_first(before + "\n", after))
    typed = before + "\n" + "\n".join(LINES[40:47]) + "\n"
    run(model, prefix_first(typed, after))
    assert exhaust(refine(model, lambda: False)) > 0
    latest = model.documents.latest
    assert latest is not None
    assert (latest.split, latest.cached.is_exact) == (typed, True)
    _, timings = run(model, prefix_first(typed + "    y", after))
    assert timings.evaluated_tokens <= 3


@pytest.mark.parametrize("shape", [ATTENTION, HYBRID], ids=lambda s: s.name)
def test_four_documents_come_back_as_they_were_left(
    tiny: Callable[["Shape"], Model], shape: "Shape"
) -> None:
    model = fresh(tiny(shape))
    seen = {}
    for turn in range(2):
        for name in ("a", "b", "c", "d"):
            before, after = text_around(30)
            prompt = prefix_first(f"# {name}\n{before}\n" + "    x" * turn, after, name)
            _, timings = run(model, prompt, max_tokens=2, document=name)
            if turn:
                assert timings.evaluated_tokens <= (4 if model.memory.rewinds else 20)
                run(model, prompt, document=name)
                seen[name] = held_tokens(model), logits(model)
    for tokens, reused in seen.values():
        np.testing.assert_allclose(reused, from_scratch(model, tokens), atol=NOISE)


def test_two_places_of_one_file_stay_warm(tiny: Callable[["Shape"], Model]) -> None:
    model = fresh(tiny(SLIDING_WINDOW))
    places = [infill(*text_around(20)), infill(*text_around(60))]
    run(model, places[0])
    run(model, places[1])
    for place in places:
        _, timings = run(model, place)
        assert timings.evaluated_tokens <= CHANGING_TOKENS


def test_an_interrupted_jump_loses_nothing(tiny: Callable[["Shape"], Model]) -> None:
    model = fresh(tiny(ATTENTION))
    run(model, prefix_first(*text_around(60)))
    asked = iter(range(2))
    run(
        model,
        prefix_first(*text_around(12)),
        should_stop=lambda: next(asked, None) is None,
    )
    run(model, prefix_first(*text_around(13)))
    exhaust(refine(model, lambda: False))
    run(model, prefix_first(*text_around(13)))
    tokens, reused = held_tokens(model), logits(model)
    np.testing.assert_allclose(reused, from_scratch(model, tokens), atol=NOISE)


def test_a_suspended_generation_goes_on_as_if_nothing_had_happened(
    tiny: Callable[["Shape"], Model],
) -> None:
    model = fresh(tiny(ATTENTION))
    prompt = prefix_first(*text_around(30))
    undisturbed = pieces_of(model, prompt, lambda: None)
    fresh(model)
    disturbed = pieces_of(
        model, prompt, lambda: run(model, prefix_first("# fast\n", "pass\n"), 2, document="fast")
    )
    assert len(undisturbed) > 1
    assert disturbed == undisturbed


def test_what_can_wait_is_read_in_smaller_pieces(tiny: Callable[["Shape"], Model]) -> None:
    model = tiny(ATTENTION)
    pauses = {}
    for priority in (Priority.COMPLETION, Priority.ACTION, Priority.WARM_UP):
        fresh(model)
        listener = Listener(lambda: False, lambda _timings: None, lambda _chunk: None)
        request = GenerationRequest(infill(*text_around(30)), 0, priority=priority)
        pauses[priority] = sum(1 for _ in generate(model, request, listener, monotonic()))
    assert pauses[Priority.COMPLETION] < pauses[Priority.ACTION] == pauses[Priority.WARM_UP]


def test_a_document_that_cannot_be_restored_is_read_again(
    tiny: Callable[["Shape"], Model],
) -> None:
    model = fresh(tiny(ATTENTION))
    run(model, infill("a = 1\n", "b = 2\n"), document="a")
    saved = model.documents.latest
    assert saved is not None
    run(model, infill("c = 3\n", "d = 4\n"), document="b")
    saved.state = np.zeros(saved.state_bytes // 2, np.uint8)
    with pytest.raises(BackendUnavailableError, match="try again"):
        run(model, infill("a = 1\n", "b = 2\n"), document="a")
    _, timings = run(model, infill("a = 1\n", "b = 2\n"), document="a")
    assert timings.reused_tokens == 0
    tokens, again = held_tokens(model), logits(model)
    np.testing.assert_allclose(again, from_scratch(model, tokens), atol=NOISE)


def pieces_of(model: Model, prompt: Prompt, between: Callable[[], object]) -> list[str]:
    """Return what an action writes when `between` runs at each of its pauses."""
    pieces: list[str] = []
    listener = Listener(
        lambda: False, lambda _timings: None, lambda chunk: pieces.append(chunk.text)
    )
    request = GenerationRequest(prompt, 12, priority=Priority.ACTION, document="slow")
    for _ in generate(model, request, listener, monotonic()):
        between()
    return pieces


def exhaust(steps: "Generator[None, None, int]") -> int:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return int(end.value)
