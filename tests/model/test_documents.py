"""Several documents in turn, from several windows: each keeps what the model has read of it."""

import pytest

from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.generation import Generation, GenerationRequest
from support.engine_process import MODEL, infill, private_engine

pytestmark = pytest.mark.model

BODY = "".join(f"def function_{n}(argument):\n    return argument + {n}\n\n\n" for n in range(20))


async def complete(backend: LocalBackend, name: str, typed: str) -> Generation:
    prompt = infill(f"{BODY}{typed}", "\n", path=name)
    request = GenerationRequest(prompt, max_tokens=4, stop=("\n",), document=name)
    return await backend.generate(request, lambda _chunk: False, CancelToken())


async def test_four_documents_in_turn_cost_a_few_tokens_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch):
        windows = [LocalBackend(MODEL), LocalBackend(MODEL)]
        names = ["a.py", "b.py", "c.py", "d.py"]
        for n, name in enumerate(names):
            first = await complete(windows[n % 2], name, "v")
            assert first.timings.evaluated_tokens > 200
        for typed in ("va", "val", "value", "value ", "value ="):
            for n, name in enumerate(names):
                timings = (await complete(windows[n % 2], name, typed)).timings
                assert timings.evaluated_tokens <= 4
        for window in windows:
            await window.close()


async def test_a_ninth_document_takes_the_place_of_the_one_not_used_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch):
        backend = LocalBackend(MODEL)
        names = [f"{letter}.py" for letter in "abcdefgh"]
        for name in (*names, "a.py", "i.py"):
            await complete(backend, name, "v")
        kept = [name for name in (*names, "i.py") if name != "b.py"]
        for name in kept:
            timings = (await complete(backend, name, "va")).timings
            assert timings.evaluated_tokens <= 4
        assert (await complete(backend, "b.py", "va")).timings.evaluated_tokens > 200
        await backend.close()


async def test_answers_do_not_depend_on_what_else_is_warm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch):
        backend = LocalBackend(MODEL)
        alone = await complete(backend, "a.py", "def function_20(")
        for name in ("b.py", "c.py", "d.py"):
            await complete(backend, name, "x = ")
        among_others = await complete(backend, "a.py", "def function_20(")
        assert among_others.text == alone.text
        assert among_others.timings.evaluated_tokens == 1
        await backend.close()
