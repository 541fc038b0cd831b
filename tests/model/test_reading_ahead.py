"""What is read ahead need not be read when it is asked for, with a real engine and model."""

import inspect
import textwrap
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.generation import Finish, GenerationRequest, Priority, Timings
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.engine.client import EngineClient
from cloister.engine.generation import Listener, Steps, generate
from cloister.engine.llama.model import Model, open_model
from cloister.engine.paths import engine_paths
from cloister.features.completion.complete import CompletionFeature
from cloister.features.completion.result import CompletionResult
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import CompletionSettings, Settings
from support.engine_process import MODEL, infill

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

SOURCE = inspect.getsource(textwrap)
PLACE = SOURCE.index("def wrap(self") + len("def wrap(self")
SETTINGS = Settings(completion=CompletionSettings(min_confidence=0.0))
# A word that is half typed is written anew, and the last marker is always evaluated.
MOST_AFTER_READING = 2
SMALL_BATCH_TOKENS = 64
LISTENER = Listener(lambda: False, lambda _timings: None, lambda _chunk: None)


@pytest.fixture
async def backend() -> AsyncIterator[LocalBackend]:
    backend = LocalBackend(MODEL)
    yield backend
    await backend.close()


def request(name: str, text: str = SOURCE, offset: int = PLACE) -> CompletionRequest:
    document = DocumentSnapshot(f"file:///{name}", Path("/", name), "python", 1, Text(text))
    return CompletionRequest(document, offset, Trigger.INVOKED)


def feature_on(backend: LocalBackend) -> CompletionFeature:
    return CompletionFeature(backend, SETTINGS, OutcomeRing())


async def asked(feature: CompletionFeature, place: CompletionRequest) -> CompletionResult:
    return await feature.complete(place, CancelToken())


async def test_after_an_acceptance_nothing_is_left_to_read(backend: LocalBackend) -> None:
    feature = feature_on(backend)
    result = await asked(feature, request("a.py"))
    (suggestion,) = result.suggestions
    before, after = SOURCE[: suggestion.span.start], SOURCE[suggestion.span.end :]
    offset = len(before + suggestion.text)
    feature.accepted(suggestion.id)
    await feature._ahead.ended()
    assert feature.read_ahead.finished == 1
    assert feature.read_ahead.evaluated_tokens >= 1
    again = await asked(feature, request("a.py", before + suggestion.text + after, offset))
    assert 1 <= again.timings.evaluated_tokens <= MOST_AFTER_READING


async def test_another_engine_reads_the_documents_at_hand_before_they_are_asked_for(
    backend: LocalBackend,
) -> None:
    feature = feature_on(backend)
    whole = (await asked(feature, request("a.py"))).timings
    assert whole.evaluated_tokens == whole.prompt_tokens > 300
    await asked(feature, request("b.py", offset=PLACE + 900))
    await stop_engine()
    other = LocalBackend(MODEL)
    feature.reconfigure(SETTINGS, other)
    await feature._ahead.ended()
    assert feature.read_ahead.finished == 2
    for place in (request("a.py"), request("b.py", offset=PLACE + 900)):
        timings = (await asked(feature, place)).timings
        assert 1 <= timings.evaluated_tokens <= MOST_AFTER_READING
        assert timings.prompt_tokens > 300
    await other.close()


async def test_a_document_that_somebody_turns_to_is_read_as_it_is_now(
    backend: LocalBackend,
) -> None:
    feature = feature_on(backend)
    await asked(feature, request("a.py"))
    await asked(feature, request("b.py"))
    # Somebody else has changed the file meanwhile, far above the cursor and within the window.
    changed = SOURCE.replace("self.width", "self.wide")
    feature.viewed(request("a.py", changed).document)
    await feature._ahead.ended()
    assert feature.read_ahead.evaluated_tokens > MOST_AFTER_READING
    place = request("a.py", changed)
    assert (await asked(feature, place)).timings.evaluated_tokens <= MOST_AFTER_READING


async def stop_engine() -> None:
    client = await EngineClient.connect(engine_paths().socket)
    await client.stop_engine()
    await client.close()


def test_a_key_waits_for_one_small_batch_and_takes_over_what_was_read() -> None:
    model = open_model(MODEL, 1, lambda _fraction: None)
    prompt = infill(SOURCE[2200:2600], SOURCE[:2200])
    warm_up = GenerationRequest(prompt, 0, priority=Priority.WARM_UP, document="a")
    steps = generate(model, warm_up, LISTENER, monotonic())
    for n_steps in (1, 2, 3):
        next(steps)
        # What a completion has to wait for is what is evaluated between two pauses.
        assert n_read(model) == n_steps * SMALL_BATCH_TOKENS
    key = replace(warm_up, max_tokens=1, priority=Priority.COMPLETION)
    finish, timings = result(generate(model, key, LISTENER, monotonic()))
    assert finish is Finish.LENGTH
    assert timings.reused_tokens == 3 * SMALL_BATCH_TOKENS
    finish, timings = result(steps)
    assert finish is Finish.CANCELLED
    assert timings.evaluated_tokens == 3 * SMALL_BATCH_TOKENS
    model.close()


def n_read(model: Model) -> int:
    document = model.documents.latest
    assert document is not None
    return len(document.cached.tokens)


def result(steps: Steps) -> tuple[Finish, Timings]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            finish, timings = end.value
            return finish, timings
