"""Answers with drafts and with openings, on real models: the same text, whatever is guessed."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloister.core.generation import Chunk, Finish, GenerationRequest, Priority, Timings
from cloister.core.prompt import Prompt, healed
from cloister.engine.chunker import Chunker
from cloister.engine.documents import Documents
from cloister.engine.generation import Listener, Steps, generate
from cloister.engine.kv import Evaluate, Keep
from cloister.engine.llama.context import BatchToken
from cloister.engine.llama.model import Model, open_model
from cloister.engine.speculation import DRAFT_BATCHES, BatchCosts, Drafter, Forecast
from cloister.engine.writing import Writer
from support.engine_process import MODEL, infill
from support.tiny_models import ATTENTION, RECURRENT, SLIDING_WINDOW, write_tiny_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.tensor_shapes import Shape

pytestmark = pytest.mark.model

# Evaluated in other batches, a token's probability differs in its last digits, in Q8_0 in more.
NOISE = 0.1
N_TOKENS = 24

BEFORE = '''"""Points in space."""


def read_first(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_second(path):
    with open('''
AFTER = "\n\n\nprint(read_first('a'), read_second('b'))\n"


class Guesses(Drafter):
    """Drafts what it is told, right or wrong."""

    def __init__(self, drafts: Iterator[Sequence[int]]) -> None:
        super().__init__((), ())
        self._drafts = drafts

    def draft(
        self,
        most_tokens: int,
        cost: Callable[[int], float],  # noqa: ARG002  # the guesses are given
        *others: Forecast,  # noqa: ARG002  # as above
    ) -> tuple[int, ...]:
        return tuple(next(self._drafts, ()))[:most_tokens]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def bundled() -> Iterator[Model]:
    yield from opened(MODEL)


@pytest.fixture(scope="module", params=[ATTENTION, SLIDING_WINDOW], ids=lambda shape: shape.name)
def tiny(folder: Path, request: pytest.FixtureRequest) -> Iterator[Model]:
    shape: Shape = request.param
    yield from opened(write_tiny_model(folder, shape))


def opened(path: Path) -> Iterator[Model]:
    model = open_model(path, 1, lambda _fraction: None)
    yield model
    model.close()


def fresh(model: Model) -> Model:
    model._park()
    model.documents = Documents()
    return model


def never() -> bool:
    return False


def write(model: Model, drafter: Drafter, opening: bytes = b"") -> tuple[list[Chunk], Timings]:
    """Write after BEFORE in a document of its own, with what `drafter` guesses."""
    document = fresh(model).documents.add("a")
    prompt = tuple(model.tokenize(BEFORE))
    chunks: list[Chunk] = []
    listener = Listener(never, lambda _timings: None, chunks.append)
    writer = Writer(model, document, listener, drafter, opening)
    exhaust(model.carry_out(document, [Evaluate(prompt)], never))
    exhaust(writer.write(Chunker(()), N_TOKENS))
    return chunks, writer.timings(Timings(), monotonic())


def exhaust(steps: Iterator[None]) -> None:
    for _ in steps:
        pass


def written_tokens(model: Model) -> tuple[int, ...]:
    latest = model.documents.latest
    assert latest is not None
    return latest.cached.tokens[len(model.tokenize(BEFORE)) :]


def check_same_answer(model: Model, drafts: Sequence[Sequence[int]]) -> None:
    plain, _ = write(model, Guesses(iter(())))
    tokens = written_tokens(model)
    # Nothing follows the last token, so it is not worth an evaluation.
    assert len(tokens) == N_TOKENS - 1
    guessed, timings = write(model, Guesses(iter(drafts)))
    assert [chunk.text for chunk in guessed] == [chunk.text for chunk in plain]
    assert [chunk.probability for chunk in guessed] == pytest.approx(
        [chunk.probability for chunk in plain], rel=NOISE
    )
    # Nothing but the answer is left.
    assert written_tokens(model)[: len(tokens)] == tokens
    assert timings.generated_tokens == N_TOKENS


hostile_drafts = st.lists(st.lists(st.integers(8, 8000), max_size=15), max_size=6)


@given(drafts=hostile_drafts)
@settings(max_examples=15)
def test_wrong_guesses_change_nothing(bundled: Model, drafts: list[list[int]]) -> None:
    check_same_answer(bundled, drafts)


@given(drafts=hostile_drafts)
@settings(max_examples=15)
def test_wrong_guesses_change_nothing_in_other_memories(
    tiny: Model, drafts: list[list[int]]
) -> None:
    check_same_answer(tiny, drafts)


@given(lengths=st.lists(st.integers(1, 15), min_size=2), wrong=st.integers(0, N_TOKENS))
@settings(max_examples=15)
def test_right_guesses_change_nothing_but_the_number_of_evaluations(
    tiny: Model, lengths: list[int], wrong: int
) -> None:
    write(tiny, Guesses(iter(())))
    tokens = list(written_tokens(tiny))
    drafts, position = [], 1
    for length in lengths:
        drafts.append([*tokens[position : position + length]])
        position += length + 1
    for draft in drafts[wrong:]:
        draft[-1:] = [7]
    check_same_answer(tiny, drafts)


def cheap_batches() -> BatchCosts:
    """Return costs as on a machine where a batch takes as long as one token."""
    costs = BatchCosts()
    costs.record(1, 1.0)
    for _ in range(40):
        for size in DRAFT_BATCHES:
            costs.record(size, 1.0)
    return costs


def test_what_the_prompt_holds_already_is_drafted(bundled: Model) -> None:
    prompt = infill(BEFORE + "path, encoding", AFTER)
    text, _, plain = answer(fresh(bundled), prompt)
    bundled.batch_costs = cheap_batches()
    drafted_text, _, drafted = answer(fresh(bundled), prompt)
    assert drafted_text == text
    assert drafted.generated_tokens == plain.generated_tokens
    assert 0 < drafted.accepted_tokens <= drafted.drafted_tokens


def test_what_was_written_before_is_drafted_when_it_is_asked_again(bundled: Model) -> None:
    prompt = infill(BEFORE + "path, encoding", AFTER)
    text, _, first = answer(fresh(bundled), prompt)
    bundled.batch_costs = cheap_batches()
    again_text, _, again = answer(bundled, prompt)
    assert again_text == text
    # Two evaluations were enough, and the end of the answer cannot be guessed.
    assert again.accepted_tokens >= first.generated_tokens - 3 > 0


def test_a_memory_that_cannot_be_rewound_gets_no_drafts(folder: Path) -> None:
    for model in opened(write_tiny_model(folder, RECURRENT)):
        _, timings = write(model, Guesses(iter([[8, 9, 10]] * 20)))
        assert timings.drafted_tokens == 0
        assert timings.generated_tokens == N_TOKENS


def test_an_answer_ends_at_its_limit_in_the_middle_of_a_right_draft(tiny: Model) -> None:
    write(tiny, Guesses(iter(())))
    tokens = written_tokens(tiny)
    chunks, timings = write(tiny, Guesses(iter([tokens[1:16], tokens[17:32]])))
    assert timings.generated_tokens == sum(chunk.n_tokens for chunk in chunks) == N_TOKENS


def answer(model: Model, prompt: Prompt) -> tuple[str, Finish, Timings]:
    chunks: list[Chunk] = []
    listener = Listener(never, lambda _timings: None, chunks.append)
    steps = generate(model, GenerationRequest(prompt, 32), listener, monotonic())
    finish, timings = result(steps)
    return "".join(chunk.text for chunk in chunks), finish, timings


def result(steps: Steps) -> tuple[Finish, Timings]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            finish, timings = end.value
            return finish, timings


@pytest.mark.parametrize("typed", ["r", "ret", "return", "return_", "größe", "zzqx"])
def test_an_answer_goes_on_from_what_was_typed(bundled: Model, typed: str) -> None:
    prompt = healed(infill(f"def area(width, height):\n    {typed}", "\n\n\nprint(area(2, 3))\n"))
    assert prompt.opening == typed
    text, _, timings = answer(fresh(bundled), prompt)
    latest = bundled.documents.latest
    assert latest is not None
    assert latest.answer is not None
    assert latest.answer.text == typed + text
    assert timings.generated_tokens > 0


def test_half_a_word_becomes_a_whole_one(bundled: Model) -> None:
    before, after = "def area(width, height):\n    ret", "\n\n\nprint(area(2, 3))\n"
    text, _, _ = answer(fresh(bundled), healed(infill(before, after)))
    assert text.startswith("urn ")


def test_the_probability_is_that_of_the_new_text_given_the_typed(bundled: Model) -> None:
    exhaust_prompt(bundled, "def area(width, height):\n    ")
    logits = bundled._context.logits(-1).astype(float)
    powers = np.exp(logits - logits.max())
    pieces = [bundled.vocabulary.piece(token) for token in range(bundled.vocabulary.n_tokens)]
    possible = [
        token
        for token, piece in enumerate(pieces)
        if piece and (piece.startswith(b"ret") or b"ret".startswith(piece))
    ]
    best = max(possible, key=powers.__getitem__)
    sampled = bundled.sample(-1, b"ret")
    assert sampled.token == best
    assert sampled.probability == pytest.approx(powers[best] / powers[possible].sum(), rel=1e-4)


def test_an_opening_that_no_token_spells_ends_the_answer(
    bundled: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhaust_prompt(bundled, "x = ")
    monkeypatch.setattr(bundled, "_openings", lambda _opening: np.array([], np.intp))
    assert bundled.sample(-1, b"a").ends


def exhaust_prompt(model: Model, text: str) -> None:
    document = fresh(model).documents.add("a")
    exhaust(model.carry_out(document, [Evaluate(tuple(model.tokenize(text)))], never))


def search(model: Model, prompt: Prompt, width: int, stop: tuple[str, ...] = ()) -> list[Chunk]:
    chunks: list[Chunk] = []
    listener = Listener(never, lambda _timings: None, chunks.append)
    request = GenerationRequest(prompt, N_TOKENS, stop, hypotheses=width)
    exhaust(generate(fresh(model), request, listener, monotonic()))
    return chunks


@pytest.mark.parametrize("width", [2, 3, 4])
def test_the_line_found_is_no_less_likely_than_the_greedy_one(bundled: Model, width: int) -> None:
    prompt = infill(BEFORE, AFTER)
    greedy = search(bundled, prompt, 1, ("\n",))
    found = search(bundled, prompt, width, ("\n",))
    # The line counts with its end, so it is compared with itself after it has been written.
    assert len(found) == 1
    text = "".join(chunk.text for chunk in greedy)
    true = line_probability(bundled, found[0].text)
    assert found[0].probability == pytest.approx(true, rel=NOISE)
    assert found[0].probability >= line_probability(bundled, text) * (1 - NOISE)


def line_probability(model: Model, line: str) -> float:
    """Return how likely the model finds `line` and either end after the prompt, token by token."""
    write_prompt(model)
    probability = 1.0
    document = model.documents.latest
    assert document is not None
    for token in model.tokenize(line):
        probability *= softmax(model)[token]
        exhaust(model.carry_out(document, [Evaluate((token,))], never))
    vocabulary = model.vocabulary
    ends = [
        token
        for token in range(vocabulary.n_tokens)
        if vocabulary.ends(token) or vocabulary.piece(token).startswith(b"\n")
    ]
    likeliest = np.sort(softmax(model)[ends])[::-1]
    return float(probability * likeliest[:2].sum())


def write_prompt(model: Model) -> None:
    exhaust(
        generate(
            fresh(model),
            GenerationRequest(infill(BEFORE, AFTER), 0),
            Listener(never, lambda _timings: None, lambda _chunk: None),
            monotonic(),
        )
    )


def softmax(model: Model) -> "NDArray[np.float64]":
    logits = model._context.logits(-1).astype(float)
    powers: NDArray[np.float64] = np.exp(logits - logits.max())
    return powers / powers.sum()


def test_hypotheses_leave_the_document_as_it_was(bundled: Model) -> None:
    write_prompt(bundled)
    expected = softmax(bundled)
    search(bundled, infill(BEFORE, AFTER), 3, ("\n",))
    document = bundled.documents.latest
    assert document is not None
    n_prompt = document.prompt_tokens
    assert len(document.cached.tokens) == n_prompt
    last = document.cached.tokens[-1]
    exhaust(bundled.carry_out(document, [Keep(n_prompt - 1), Evaluate((last,))], never))
    np.testing.assert_allclose(softmax(bundled), expected, atol=0.01)


def test_further_lines_follow_the_one_that_was_found(bundled: Model) -> None:
    line, *others = search(bundled, infill(BEFORE, "\n"), 2)
    text = "".join(chunk.text for chunk in (line, *others))
    assert line.text.strip()
    assert text.startswith(line.text + "\n")
    document = bundled.documents.latest
    assert document is not None
    assert document.answer is not None
    assert document.answer.text == text
    written = document.cached.tokens[document.prompt_tokens :]
    spelled = b"".join(map(bundled.vocabulary.piece, written)).decode()
    assert text.startswith(spelled)


def test_typed_text_opens_every_hypothesis(bundled: Model) -> None:
    prompt = healed(infill("def area(width, height):\n    ret", "\n\n\nprint(area(2, 3))\n"))
    (line,) = search(bundled, prompt, 3, ("\n",))
    assert line.text.startswith("urn ")


def test_a_memory_without_branches_is_written_greedily(folder: Path) -> None:
    for shape in (SLIDING_WINDOW, RECURRENT):
        for model in opened(write_tiny_model(folder, shape)):
            prompt = infill(BEFORE, AFTER)
            assert search(model, prompt, 3) == search(model, prompt, 1)


def test_cancelling_ends_a_search_within_one_evaluation(bundled: Model) -> None:
    told: list[Chunk] = []
    asked = iter(range(4))
    listener = Listener(lambda: next(asked, None) is None, lambda _timings: None, told.append)
    write_prompt(bundled)
    request = GenerationRequest(infill(BEFORE, AFTER), N_TOKENS, hypotheses=2)
    steps = generate(bundled, request, listener, monotonic())
    finish, timings = result(steps)
    assert (finish, timings.generated_tokens, told) == (Finish.CANCELLED, 0, [])
    search(bundled, infill(BEFORE, AFTER), 2)


@pytest.mark.parametrize("n_steps", [2, 4, 7])
def test_a_search_that_is_interrupted_finds_the_same_line(
    bundled: Model, monkeypatch: pytest.MonkeyPatch, n_steps: int
) -> None:
    prompt = infill(BEFORE, AFTER)
    alone = search(bundled, prompt, 3, ("\n",))
    fresh(bundled)
    told: list[Chunk] = []
    listener = Listener(never, lambda _timings: None, told.append)
    slow = GenerationRequest(prompt, N_TOKENS, ("\n",), Priority.ACTION, "a", hypotheses=3)
    steps = generate(bundled, slow, listener, monotonic())
    for _ in range(n_steps):
        next(steps)
    urgent, _, timings = answer(bundled, infill("def other():\n    ", "\n"))
    assert urgent
    assert timings.evaluated_tokens == timings.prompt_tokens
    sizes = evaluations(bundled, monkeypatch)
    finish, _ = result(steps)
    assert finish in (Finish.STOP, Finish.END)
    assert [chunk.text for chunk in told] == [chunk.text for chunk in alone]
    assert told[0].probability == pytest.approx(alone[0].probability, rel=NOISE)
    # Only the first evaluation makes up for what was lost: a token of each branch for each step,
    # but for the one that read the prompt.
    assert sizes[0] in {n_branches * (n_steps - 1) for n_branches in (1, 2, 3)}
    assert all(size <= 3 for size in sizes[1:])


def evaluations(model: Model, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which every evaluation from now on adds its tokens."""
    sizes: list[int] = []
    evaluate = model._context.evaluate

    def count(tokens: Sequence[BatchToken], should_stop: Callable[[], bool]) -> bool:
        sizes.append(len(tokens))
        return evaluate(tokens, should_stop)

    monkeypatch.setattr(model._context, "evaluate", count)
    return sizes


def test_a_search_ends_with_the_context(folder: Path) -> None:
    for model in opened(write_tiny_model(folder, ATTENTION)):
        line = "x = y\n"
        n_lines = (model.context_tokens - 40) // len(model.tokenize(line))
        (chunk, *_) = search(model, infill(line * n_lines, ""), 4)
        assert 0 < chunk.n_tokens <= 10
