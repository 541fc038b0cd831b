"""What the model on this machine reads and writes is counted, and costs nobody a completion."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from cloister.backends.base import OnChunk
from cloister.backends.metered import MeteredBackend
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.prompt import Prompt, SegmentRole, plain
from cloister.observe.usage import LOCAL, Use

TODAY = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011  # days are the user's own


class Counting(ScriptedBackend):
    """Says that it read 10 tokens, 4 of which it knew."""

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        generation = await super().generate(request, on_chunk, cancel)
        timings = replace(generation.timings, prompt_tokens=10, reused_tokens=4)
        return replace(generation, timings=timings)


def metered(
    write: Callable[[Use], object], clock: Callable[[], float] = lambda: 0.0
) -> MeteredBackend:
    return MeteredBackend(Counting([Rule(text="a\nb")]), write, clock)


async def ask(backend: MeteredBackend, document: str = "") -> str:
    request = GenerationRequest(Prompt((plain(SegmentRole.PREFIX, "x"),)), 8, document=document)
    return (await backend.generate(request, lambda _chunk: False, CancelToken())).text


async def test_uses_are_added_up_by_repository(tmp_path: Path) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    inside, outside = (tmp_path / "r/src/a.py").as_uri(), (tmp_path / "b.py").as_uri()
    written: list[Use] = []
    backend = metered(written.append)
    for document in (inside, inside, outside, "untitled:1"):
        assert await ask(backend, document) == "a\nb"
    assert written == []
    await backend.close()
    root = str(tmp_path / "r")
    assert [(use.workspace, use.requests, use.prompt_tokens) for use in written] == [
        (root, 2, 20),
        ("", 1, 10),
        ("", 1, 10),
    ]
    assert written[0] == Use(TODAY, LOCAL, "cloister-scripted", root, 2, 20, 8, 4, 0.0)


async def test_they_are_written_down_once_a_minute() -> None:
    now, written = [0.0], list[Use]()
    backend = metered(written.append, lambda: now[0])
    await ask(backend)
    now[0] = 61.0
    await ask(backend)
    now[0] = 90.0
    await ask(backend)
    await backend.close()
    assert [use.requests for use in written] == [2, 1]


async def test_a_full_disk_costs_nobody_a_completion() -> None:
    def fail(_use: Use) -> None:
        raise OSError(28, "No space left on device")

    backend = metered(fail)
    assert await ask(backend) == "a\nb"
    await backend.close()


async def test_everything_else_is_the_backend_s_own() -> None:
    backend = metered(lambda _use: None)
    assert (backend.name, backend.speed, backend.placement) == ("scripted", None, None)
    assert await backend.count_tokens(["a b"]) == [2]
    assert await backend.describe() == await backend.identify()
