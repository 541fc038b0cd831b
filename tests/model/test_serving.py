"""One engine, several windows and models: who waits for whom while something loads or writes.

The engine's loop and threads run in this process, so that loading can be held up at will.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from cloister.core.generation import Finish, Priority
from cloister.engine.llama import model as llama_model
from cloister.engine.messages import (
    Cancel,
    Counted,
    CountTokens,
    Done,
    Evaluated,
    Failed,
    Generate,
    GetStatus,
    Load,
    Loading,
    Message,
    ModelSource,
    Ready,
    StatusReport,
    Wrote,
)
from support.engine_host import RawClient, serving
from support.engine_process import MODEL, infill

pytestmark = pytest.mark.model

SOURCE = ModelSource(str(MODEL))
BODY = "".join(f"def function_{n}(argument):\n    return argument + {n}\n\n\n" for n in range(8))
N_SLOW_TOKENS = 500


class HeldLoading:
    """Lets real loading begin, and finish only when told to."""

    def __init__(self, open_model: Callable[..., llama_model.Model]) -> None:
        self.begun: list[str] = []
        self.may_finish = threading.Event()
        self._open_model = open_model

    def __call__(
        self, path: Path, n_threads: int, on_progress: Callable[[float], None], *more: int
    ) -> llama_model.Model:
        self.begun.append(path.name)
        on_progress(0.5)
        assert self.may_finish.wait(60)
        return self._open_model(path, n_threads, on_progress, *more)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldLoading]:
    loading = HeldLoading(llama_model.open_model)
    monkeypatch.setattr(llama_model, "open_model", loading)
    yield loading
    loading.may_finish.set()


@pytest.fixture
def others(tmp_path: Path) -> list[ModelSource]:
    """Return two more models."""
    return [ModelSource(str(shutil.copy(MODEL, tmp_path / name))) for name in ("b", "c")]


@pytest.fixture
async def path() -> AsyncIterator[Path]:
    # Not under tmp_path: a socket's path may have 108 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        path = Path(folder) / "socket"
        async with serving(path):
            yield path


def generate(number: int, prefix: str, max_tokens: int, priority: Priority) -> Generate:
    prompt = infill(prefix, "\n")
    return Generate(number, SOURCE, prompt, max_tokens, (), priority, document=prefix[-20:])


def slow(number: int) -> Generate:
    return generate(number, BODY, N_SLOW_TOKENS, Priority.ACTION)


def quick(number: int) -> Generate:
    return generate(number, "import o", 2, Priority.COMPLETION)


async def until(client: RawClient, is_last: Callable[[Message], bool]) -> list[Message]:
    messages: list[Message] = []
    while not messages or not is_last(messages[-1]):
        message = await client.receive()
        assert message is not None
        messages.append(message)
    return messages


def is_end(message: Message) -> bool:
    return isinstance(message, Ready | Counted | Done | Failed)


def is_chunk(message: Message) -> bool:
    return isinstance(message, Wrote)


def text(messages: list[Message]) -> str:
    return "".join(
        chunk.text for message in messages if isinstance(message, Wrote) for chunk in message.chunks
    )


async def loaded(path: Path, source: ModelSource) -> RawClient:
    """Connect, and have a model loaded."""
    client = await RawClient.connect(path)
    client.send(Load(1, source))
    assert isinstance((await until(client, is_end))[-1], Ready)
    return client


async def models(client: RawClient) -> list[str]:
    client.send(GetStatus(99))
    report = await client.receive()
    assert isinstance(report, StatusReport)
    return [Path(model.path).name for model in report.status.models]


async def test_a_slow_action_keeps_no_completion_waiting_and_ends_as_if_alone(path: Path) -> None:
    window, other = await loaded(path, SOURCE), await RawClient.connect(path)
    window.send(slow(2))
    undisturbed = await until(window, is_end)
    window.send(slow(3))
    disturbed = await until(window, is_chunk)
    for number in range(1, 11):
        other.send(quick(number))
        quickly = await until(other, is_end)
        assert isinstance(quickly[-1], Done)
        assert quickly[-1].finish is Finish.LENGTH
    # The engine answers in the order in which it works: this comes before the slow one's end.
    window.send(GetStatus(99))
    disturbed += await until(window, lambda message: isinstance(message, StatusReport))
    assert not any(isinstance(message, Done) for message in disturbed)
    disturbed += await until(window, is_end)
    assert text(disturbed) == text(undisturbed)
    assert isinstance(disturbed[-1], Done)
    assert disturbed[-1].timings.generated_tokens == N_SLOW_TOKENS
    await window.close()
    await other.close()


async def test_a_warm_up_reads_the_prompt_and_writes_nothing(path: Path) -> None:
    client = await loaded(path, SOURCE)
    client.send(generate(2, BODY, 0, Priority.WARM_UP))
    warm_up = await until(client, is_end)
    assert [type(message) for message in warm_up] == [Evaluated, Done]
    client.send(generate(3, BODY, 1, Priority.COMPLETION))
    done = (await until(client, is_end))[-1]
    assert isinstance(done, Done)
    assert done.timings.evaluated_tokens == 1
    await client.close()


async def test_a_newer_request_ends_the_same_windows_warm_ups_and_no_others(path: Path) -> None:
    window, other = await loaded(path, SOURCE), await RawClient.connect(path)
    window.send(slow(2))
    await until(window, is_chunk)
    other.send(generate(1, BODY, 0, Priority.WARM_UP))
    window.send(generate(3, BODY, 0, Priority.WARM_UP), quick(4))
    ends = {m.id: m for m in await until(window, _ends(2)) if isinstance(m, Done)}
    assert ends[3].finish is Finish.CANCELLED
    assert ends[4].finish is Finish.LENGTH
    done = (await until(other, is_end))[-1]
    assert isinstance(done, Done)
    assert done.finish is Finish.LENGTH
    await window.close()
    await other.close()


def _ends(number: int) -> Callable[[Message], bool]:
    return lambda message: isinstance(message, Done) and message.id == number


async def test_while_one_model_loads_another_serves(
    path: Path, held: HeldLoading, others: list[ModelSource]
) -> None:
    held.may_finish.set()
    serving_window = await loaded(path, SOURCE)
    held.may_finish.clear()
    loading_window = await RawClient.connect(path)
    loading_window.send(Load(1, others[0]))
    await until(loading_window, lambda m: isinstance(m, Loading) and m.fraction == 0.5)
    serving_window.send(CountTokens(2, SOURCE, ("import os",)))
    assert await serving_window.receive() == Counted(2, (2,))
    serving_window.send(quick(3))
    assert isinstance((await until(serving_window, is_end))[-1], Done)
    held.may_finish.set()
    assert isinstance((await until(loading_window, is_end))[-1], Ready)
    assert sorted(await models(serving_window)) == ["b", MODEL.name]
    await serving_window.close()
    await loading_window.close()


async def test_everybody_who_waits_for_a_model_hears_of_it_and_it_loads_once(
    path: Path, held: HeldLoading
) -> None:
    windows = [await RawClient.connect(path) for _ in range(3)]
    for window in windows:
        window.send(Load(1, SOURCE), CountTokens(2, SOURCE, ("import os",)))
    await until(windows[0], lambda m: isinstance(m, Loading) and m.fraction == 0.5)
    held.may_finish.set()
    for window in windows:
        messages = await until(window, lambda m: isinstance(m, Counted))
        assert Counted(2, (2,)) in messages
        assert any(isinstance(m, Ready) for m in messages)
        for number in (1, 2):
            fractions = [m.fraction for m in messages if isinstance(m, Loading) and m.id == number]
            assert fractions[-1] == 1.0
    assert held.begun == [MODEL.name]
    for window in windows:
        await window.close()


async def test_a_model_that_cannot_be_loaded_fails_everybody_once(path: Path) -> None:
    windows = [await RawClient.connect(path) for _ in range(2)]
    missing = ModelSource("/nonexistent/model.gguf")
    for window in windows:
        window.send(Load(1, missing), CountTokens(2, missing, ("x",)))
    for window in windows:
        failures = [m for _ in range(2) for m in [(await until(window, is_end))[-1]]]
        assert {m.id for m in failures if isinstance(m, Failed)} == {1, 2}
        assert all("no model file" in m.message for m in failures if isinstance(m, Failed))
        assert await models(window) == []
        await window.close()


async def test_a_load_goes_on_when_who_types_withdraws_and_asks_again(
    path: Path, held: HeldLoading
) -> None:
    client = await RawClient.connect(path)
    client.send(quick(1))
    await until(client, lambda m: isinstance(m, Loading) and m.fraction == 0.5)
    client.send(Cancel(1), quick(2))
    done = await client.receive()
    assert isinstance(done, Done)
    assert (done.id, done.finish) == (1, Finish.CANCELLED)
    held.may_finish.set()
    assert isinstance((await until(client, is_end))[-1], Done)
    assert held.begun == [MODEL.name]
    await client.close()


async def test_of_several_models_asked_for_only_the_last_one_is_loaded_after_the_first(
    path: Path, held: HeldLoading, others: list[ModelSource]
) -> None:
    client = await RawClient.connect(path)
    client.send(Load(1, SOURCE))
    await until(client, lambda m: isinstance(m, Loading) and m.fraction == 0.5)
    client.send(Cancel(1), Load(2, others[0]), Cancel(2), Load(3, others[1]))
    ends = [(await until(client, is_end))[-1] for _ in range(2)]
    assert [m.id for m in ends if isinstance(m, Done)] == [1, 2]
    held.may_finish.set()
    assert isinstance((await until(client, is_end))[-1], Ready)
    assert held.begun == [MODEL.name, "c"]
    await client.close()


async def test_a_cancelled_request_for_an_absent_model_ends_at_once(
    path: Path, held: HeldLoading
) -> None:
    client = await RawClient.connect(path)
    client.send(Load(1, SOURCE))
    await until(client, lambda m: isinstance(m, Loading) and m.fraction == 0.5)
    client.send(Cancel(1))
    done = await client.receive()
    assert isinstance(done, Done)
    assert not held.may_finish.is_set()
    await asyncio.wait_for(client.close(), 60)
