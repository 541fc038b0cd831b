import asyncio
from pathlib import Path

import pytest

from cloister.backends.base import OnChunk
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.hardware import ModelSpeed
from cloister.core.outcome import OutcomeKind
from cloister.core.prompt import SegmentRole
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion.complete import CompletionFeature
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import Settings

FAST = ModelSpeed(prefill_tokens_per_second=10_000, decode_tokens_per_second=1000)
SLOW = ModelSpeed(prefill_tokens_per_second=100, decode_tokens_per_second=25)
SLOWEST = ModelSpeed(prefill_tokens_per_second=10, decode_tokens_per_second=4)


class Recorder(ScriptedBackend):
    """Keeps what it is asked for; each line of the document is one of its tokens."""

    def __init__(self, speed: ModelSpeed) -> None:
        super().__init__([Rule(text="answer")])
        self.speed = speed
        self.requests: list[GenerationRequest] = []

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        self.requests.append(request)
        return await super().generate(request, on_chunk, cancel)


def request(n_lines: int, trigger: Trigger = Trigger.INVOKED) -> CompletionRequest:
    lines = [f"line{n}" for n in range(n_lines)]
    text = "\n".join([*lines, "x = ", *lines])
    document = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", 1, Text(text))
    return CompletionRequest(document, text.index("x = ") + 4, trigger)


def feature(backend: Recorder) -> CompletionFeature:
    return CompletionFeature(backend, Settings(), OutcomeRing())


def n_lines(asked: GenerationRequest, role: SegmentRole) -> int:
    return sum(
        segment.text.count("line") for segment in asked.prompt.segments if segment.role is role
    )


async def asked_for(speed: ModelSpeed) -> GenerationRequest:
    backend = Recorder(speed)
    await feature(backend).complete(request(2000), CancelToken.after_ms(60_000))
    (asked,) = backend.requests
    return asked


async def test_a_slow_model_is_asked_to_read_and_write_less() -> None:
    fast, slow = await asked_for(FAST), await asked_for(SLOW)
    assert n_lines(slow, SegmentRole.PREFIX) < n_lines(fast, SegmentRole.PREFIX) / 2
    assert n_lines(slow, SegmentRole.SUFFIX) < n_lines(fast, SegmentRole.SUFFIX) / 2
    assert (slow.max_tokens, fast.max_tokens) == (48, 96)


async def test_the_window_stays_while_the_measured_speed_wavers() -> None:
    backend = Recorder(SLOW)
    asking = feature(backend)
    for share in (1.0, 0.85, 1.2):
        backend.speed = ModelSpeed(100 * share, 25 * share)
        await asking.complete(request(2000), CancelToken.after_ms(60_000))
        asking.forget("file:///a.py")
    first, *later = backend.requests
    assert all(asked == first for asked in later)


async def test_a_very_slow_model_is_not_asked_while_somebody_types() -> None:
    backend = Recorder(SLOWEST)
    cancel = CancelToken.after_ms(60_000)
    asked = asyncio.ensure_future(feature(backend).complete(request(10, Trigger.AUTOMATIC), cancel))
    for _ in range(20):
        await asyncio.sleep(0)
    cancel.cancel()
    assert (await asked).outcome.kind is OutcomeKind.CANCELLED
    assert backend.requests == []


@pytest.mark.parametrize("trigger", [Trigger.AUTOMATIC, Trigger.INVOKED])
async def test_it_is_asked_once_typing_pauses(trigger: Trigger) -> None:
    backend = Recorder(SLOWEST)
    result = await feature(backend).complete(request(10, trigger), CancelToken.after_ms(60_000))
    assert result.outcome.kind is OutcomeKind.SHOWN
    assert len(backend.requests) == 1
