"""What a change of settings replaces, and what stays."""

import asyncio

from cloister.app import build_services
from cloister.backends.base import Backend, OnLoading
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import SettingsError
from cloister.core.model import ModelDescription
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.protocol.extensions import State
from cloister.protocol.session import LoadingEvent, Services
from cloister.settings.settings import Settings


class Closable(ScriptedBackend):
    def __init__(self) -> None:
        super().__init__([Rule(text="12")])
        self.is_closed = False
        self.described = asyncio.Event()

    async def describe(self) -> ModelDescription:
        self.described.set()
        return await super().describe()

    async def close(self) -> None:
        self.is_closed = True


def window() -> tuple[Services, list[Closable], list[LoadingEvent]]:
    backends: list[Closable] = []
    events: list[LoadingEvent] = []

    def make_backend(settings: Settings, _on_loading: OnLoading) -> Backend:
        if settings.model == "nope":
            raise SettingsError("There is no model named 'nope'.")
        backends.append(Closable())
        return backends[-1]

    isolation = Isolation(IsolationLevel.KERNEL, "Held by a test.")
    services = build_services(make_backend, isolation)
    services.listen(events.append)
    return services, backends, events


async def test_another_model_needs_another_backend_and_the_old_one_is_closed() -> None:
    services, backends, _ = window()
    assert services.configure({"model": "/m/other.gguf"}) == ()
    await services.close()
    assert [backend.is_closed for backend in backends] == [True, True]


async def test_the_same_settings_again_change_nothing() -> None:
    services, backends, events = window()
    before = len(events)
    services.configure({"model": "", "completion": {}})
    assert len(backends) == 1
    assert len(events) == before


async def test_a_bad_model_does_not_discard_the_other_options() -> None:
    services, backends, events = window()
    problems = services.configure({"enabled": False, "model": "nope"})
    assert list(problems) == ["There is no model named 'nope'."]
    assert len(backends) == 1
    assert services.status()["state"] == "off"
    assert events[-1].state is State.OFF


async def test_switching_on_again_prepares_what_an_open_document_needs() -> None:
    services, (backend,), _ = window()
    services.configure({"enabled": False})
    services.completion.prepare()
    assert not backend.described.is_set()
    services.configure({"enabled": True})
    await asyncio.wait_for(backend.described.wait(), 10)


async def test_the_state_is_an_error_until_something_works_again() -> None:
    services, (backend,), events = window()
    backend.rules = (Rule(after="a = ", fail="The engine is off."), Rule(text="12"))
    await services.completion.complete(request("a = "), CancelToken())
    assert services.status()["state"] == "error"
    assert (events[-1].state, events[-1].message) == (State.ERROR, "The engine is off.")
    await services.completion.complete(request("b = "), CancelToken())
    assert services.status()["state"] == "ready"


def request(text: str) -> CompletionRequest:
    document = DocumentSnapshot("file:///a.py", None, "python", 1, Text(text))
    return CompletionRequest(document, len(text), Trigger.AUTOMATIC)
