"""What the code around an answer repeats is mixed into it, by a real engine and model."""

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from cloister.backends.local import EngineOptions, LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.generation import Chunk, Finish, GenerationRequest, Surroundings, Timings
from cloister.core.prompt import Prompt, healed
from cloister.engine.generation import Listener, generate
from cloister.engine.llama.model import Model, open_model
from cloister.engine.speculation import BatchCosts
from support.engine_process import MODEL, infill, private_engine

pytestmark = pytest.mark.model

IDIOM = "quartz_ledger.append_entry(account, amount)\n"
FUNCTIONS = "".join(
    f"def {name}(account, amount):\n    {IDIOM}\n\n" for name in ("book", "charge", "refund")
)
REST_OF_FILE = Surroundings(file=FUNCTIONS)
OTHER_FILE = Surroundings(others=FUNCTIONS)
BEFORE = "def repay(account, amount):\n    "


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    model = open_model(MODEL, 1, lambda _fraction: None)
    yield model
    model.close()


def request(
    before: str, surroundings: Surroundings | None, hypotheses: int = 1
) -> GenerationRequest:
    prompt: Prompt = healed(infill(before, "\n\n"))
    return GenerationRequest(
        prompt, 24, ("\n",), hypotheses=hypotheses, surroundings=surroundings, document="a"
    )


def answer(model: Model, asked: GenerationRequest) -> str:
    return answer_and_timings(model, asked)[0]


def answer_and_timings(model: Model, asked: GenerationRequest) -> tuple[str, Timings]:
    chunks: list[Chunk] = []
    listener = Listener(lambda: False, lambda _timings: None, chunks.append)
    steps = generate(model, asked, listener, time.monotonic())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            finish, timings = end.value
            break
    assert finish in (Finish.STOP, Finish.END)
    assert all(0 < chunk.probability <= 1 for chunk in chunks)
    return "".join(chunk.text for chunk in chunks), timings


@pytest.mark.parametrize(
    ("typed", "hypotheses"),
    [
        ("quartz_", 1),
        ("quartz_led", 1),
        ("quartz_ledger.", 1),
        ("quartz_ledger.", 3),
        ("quartz_ledger.app", 3),
    ],
)
def test_an_idiom_of_the_file_is_repeated(model: Model, typed: str, hypotheses: int) -> None:
    alone = answer(model, request(BEFORE + typed, None, hypotheses))
    copied = answer(model, request(BEFORE + typed, REST_OF_FILE, hypotheses))
    assert typed + copied == IDIOM.strip()
    assert copied != alone


def test_an_idiom_of_another_file_is_repeated(model: Model) -> None:
    typed = "quartz_ledger."
    assert typed + answer(model, request(BEFORE + typed, OTHER_FILE)) == IDIOM.strip()


@pytest.mark.parametrize("hypotheses", [1, 3])
def test_surroundings_without_a_match_change_nothing(model: Model, hypotheses: int) -> None:
    before = "def first(items):\n    return it"
    nothing_alike = Surroundings("§" * 50, "¶" * 50)
    alone = answer(model, request(before, None, hypotheses))
    # The prompt itself repeats nothing either.
    assert answer(model, request(before, nothing_alike, hypotheses)) == alone


class FixedCosts(BatchCosts):
    """What a batch costs, in evaluations of one token, whatever is measured."""

    def __init__(self, growth: float) -> None:
        super().__init__()
        self._growth = growth

    def cost(self, n_tokens: int) -> float:
        return float(n_tokens**self._growth)


def test_what_the_surroundings_repeat_is_drafted_where_that_pays(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = infill("def repay(account, amount):\n    quartz_ledger.", "\n\n")
    asked = GenerationRequest(prompt, 24, ("\n",), surroundings=REST_OF_FILE, document="a")
    drafted = {}
    for growth in (0.5, 1.0):
        monkeypatch.setattr(model, "batch_costs", FixedCosts(growth))
        for document in model.documents:
            document.answer = None
        text, timings = answer_and_timings(model, asked)
        assert f"quartz_ledger.{text}" == IDIOM.strip()
        assert timings.accepted_tokens <= timings.drafted_tokens < 3 * timings.generated_tokens
        drafted[growth] = timings
    assert drafted[1.0].drafted_tokens == 0
    # Nothing of the idiom stands in the prompt, and all of it is short.
    assert drafted[0.5].accepted_tokens >= drafted[0.5].generated_tokens // 2


def test_text_that_is_not_utf_8_is_no_obstacle(model: Model) -> None:
    damaged = Surroundings(f"\ud800{FUNCTIONS}\udfff", "\ud800")
    typed = "quartz_ledger."
    assert typed + answer(model, request(BEFORE + typed, damaged)) == IDIOM.strip()


@pytest.fixture
async def backend(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalBackend]:
    async with private_engine(monkeypatch):
        backend = LocalBackend(MODEL, None, EngineOptions(), on_loading=lambda _fraction: None)
        yield backend
        await backend.close()


async def test_surroundings_that_were_sent_once_still_count(backend: LocalBackend) -> None:
    async def asked(typed: str, surroundings: Surroundings) -> str:
        asking = request(BEFORE + typed, surroundings)
        result = await backend.generate(asking, lambda _chunk: False, CancelToken())
        return typed + result.text

    assert await asked("quartz_", REST_OF_FILE) == IDIOM.strip()
    assert await asked("quartz_led", REST_OF_FILE) == IDIOM.strip()
    assert await asked("quartz_led", Surroundings()) != IDIOM.strip()
