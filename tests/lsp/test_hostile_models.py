"""A model that cannot be used, chosen in the settings: one clear message, and the way back."""

import os
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from support.engine_process import MODEL, engine_pid, private_engine
from support.lsp_client import RawClient, running
from support.real_server import (
    CLOISTER_LSP,
    EVERYTHING,
    SELF_ANSWER,
    answer,
    configure,
    messages,
    opened,
    status,
)

URI = "file:///project/a.py"

pytestmark = pytest.mark.model


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RawClient]:
    """Return a client of a server that was just started and has no engine yet."""
    async with private_engine(monkeypatch), running(CLOISTER_LSP) as client:
        yield client


def flipped(data: bytes, first: int, last: int, n_bits: int) -> bytes:
    """Return `data` with `n_bits` flipped bits between two places."""
    choose = random.Random(n_bits)  # noqa: S311  # reproducible damage, no secret
    damaged = bytearray(data)
    for _ in range(n_bits):
        damaged[choose.randrange(first, last)] ^= 1 << choose.randrange(8)
    return bytes(damaged)


def written(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return what writes the bundled model after `change`."""

    def write(path: Path) -> None:
        path.write_bytes(change(MODEL.read_bytes()))

    return write


MAKERS: dict[str, Callable[[Path], None]] = {
    "missing": lambda _path: None,
    "directory": Path.mkdir,
    "fifo": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path),
    "empty": Path.touch,
    "cut in its header": written(lambda data: data[:1000]),
    "cut in its weights": written(lambda data: data[: len(data) // 2]),
    "cut by one byte": written(lambda data: data[:-1]),
    "no GGUF": written(lambda _: b"<html>Please log in</html>" * 1000),
    "binary": written(lambda data: flipped(bytes(len(data)), 0, 10_000, 10_000)),
    "flipped magic": written(lambda data: flipped(data, 0, 4, 3)),
    "flipped counts": written(lambda data: flipped(data, 16, 24, 9)),
    "another architecture": written(lambda data: data.replace(b"llama", b"lamma")),
}


@pytest.mark.parametrize("kind", MAKERS)
async def test_e01_it_is_one_message_and_the_bundled_model_comes_back(
    client: RawClient, tmp_path: Path, kind: str
) -> None:
    model = tmp_path / "model.gguf"
    MAKERS[kind](model)
    await client.initialize(initializationOptions=EVERYTHING)
    await opened(client, URI)
    assert await answer(client, URI) == SELF_ANSWER
    pid = await engine_pid()
    configure(client, EVERYTHING | {"model": str(model)})
    await client.message("window/showMessage")
    for _ in range(3):
        assert await answer(client, URI) == ""
    (message,) = messages(client)
    assert message.endswith(".")
    assert "\n" not in message
    assert str(model) in message
    told = await status(client)
    assert (told["state"], told["counts"]["failed"]) == ("error", 3)
    assert {outcome["reason"] for outcome in told["outcomes"][:3]} == {message}
    configure(client, EVERYTHING)
    assert await answer(client, URI) == SELF_ANSWER
    assert (await status(client))["state"] == "ready"
    # It is the engine of before: a bad file harms nobody.
    assert await engine_pid() == pid
    assert len(messages(client)) == 1
    assert await client.bye() == 0


@pytest.mark.parametrize("model", ["/dev/zero", "/dev/null", "/", "/proc/self/mem", "~/none.gguf"])
async def test_a_bad_choice_at_the_start_is_one_message(client: RawClient, model: str) -> None:
    await client.initialize(initializationOptions=EVERYTHING | {"model": model})
    await opened(client, URI)
    await client.message("window/showMessage")
    assert await answer(client, URI) == ""
    assert len(messages(client)) == 1
    configure(client, EVERYTHING)
    assert await answer(client, URI) == SELF_ANSWER
    assert await client.bye() == 0


async def test_a_name_that_nobody_knows_is_one_message_and_the_model_stays(
    client: RawClient,
) -> None:
    await client.initialize(initializationOptions=EVERYTHING | {"model": "gpt-9"})
    await opened(client, URI)
    assert await answer(client, URI) == SELF_ANSWER
    (message,) = messages(client)
    assert message.startswith("There is no model named 'gpt-9'")
    assert await client.bye() == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_damage_that_goes_unnoticed_harms_nothing_but_the_answers(
    client: RawClient, tmp_path: Path, seed: int
) -> None:
    model = tmp_path / "model.gguf"
    data = MODEL.read_bytes()
    model.write_bytes(flipped(data, len(data) // 2, len(data), 1000 * seed))
    await client.initialize(initializationOptions=EVERYTHING | {"model": str(model)})
    await opened(client, URI)
    await answer(client, URI)
    assert (await status(client))["counts"].keys() <= {"shown", "empty", "dropped", "accepted"}
    configure(client, EVERYTHING)
    assert await answer(client, URI) == SELF_ANSWER
    assert messages(client) == []
    assert await client.bye() == 0
