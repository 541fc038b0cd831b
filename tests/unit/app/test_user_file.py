"""The user's settings file in a window: below what the editor sends, and read again on changes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cloister.app import build_services
from cloister.backends.base import Backend, OnLoading
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.errors import SettingsError
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.protocol.extensions import State
from cloister.protocol.session import LoadingEvent, Services
from cloister.settings.settings import Settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "cloister" / "config.toml"


def save(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    other = file.with_name("config.toml~")
    other.write_text(text)
    other.replace(file)


@dataclass
class Window:
    """One window whose backends only remember for which settings they were made."""

    file: Path
    made_for: list[Settings] = field(default_factory=list)
    problems: "asyncio.Queue[Sequence[str]]" = field(default_factory=asyncio.Queue)
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        isolation = Isolation(IsolationLevel.KERNEL, "Held by seccomp.")
        self.services = build_services(self._make_backend, isolation)

    @property
    def models(self) -> list[str | None]:
        return [settings.model for settings in self.made_for]

    async def write(self, text: str) -> Sequence[str]:
        """Save the file as editors do; returns the problems once it was read again."""
        save(self.file, text)
        return await self.problems.get()

    def _make_backend(self, settings: Settings, _on_loading: OnLoading) -> Backend:
        if settings.model == "nope":
            raise SettingsError("There is no model named 'nope'.")
        self.made_for.append(settings)
        return ScriptedBackend([Rule(text="12")])


@asynccontextmanager
async def following(file: Path, text: str = "", options: object = None) -> AsyncIterator[Window]:
    save(file, text)
    window = Window(file)
    if options is not None:
        window.services.configure(options)
    window.services.follow_user_file(window.problems.put_nowait)
    # Its first step begins to watch.
    await asyncio.sleep(0)
    try:
        yield window
    finally:
        await window.services.close()


async def test_the_file_counts_from_the_beginning(file: Path) -> None:
    async with following(file, 'model = "a"\n') as window:
        assert window.models == [None, "a"]
        assert await window.problems.get() == ()
        assert window.services.status()["model"] == "a"


async def test_who_listens_later_hears_that_completions_are_off(file: Path) -> None:
    async with following(file, "enabled = false\n") as window:
        events: list[LoadingEvent] = []
        window.services.listen(events.append)
        assert [event.state for event in events] == [State.OFF]


async def test_a_change_of_the_file_changes_the_model(file: Path) -> None:
    async with following(file) as window:
        await window.problems.get()
        assert await window.write('model = "b"\n') == ()
        assert window.models == [None, "b"]
        assert await window.write("") == ()
        assert window.models == [None, "b", None]


async def test_what_the_editor_sent_stays_above_the_file(file: Path) -> None:
    async with following(file, 'model = "a"\n', {"model": "mine"}) as window:
        await window.problems.get()
        assert window.services.status()["model"] == "mine"
        await window.write('model = "b"\n[engine]\nthreads = 2\n')
        assert (window.made_for[-1].model, window.made_for[-1].engine.threads) == ("mine", 2)
        window.services.configure({"model": ""})
        assert window.models[-1] == "b"


async def test_while_the_file_is_broken_the_last_settings_stay(file: Path) -> None:
    async with following(file, 'model = "a"\n') as window:
        await window.problems.get()
        (problem,) = await window.write('model = "b\n')
        assert "at line 1, column 11" in problem
        window.services.configure({})
        assert window.services.status()["model"] == "a"
        assert await window.write('model = "b"\n') == ()
        assert window.services.status()["model"] == "b"


async def test_an_unknown_model_is_said_and_the_one_before_stays(file: Path) -> None:
    async with following(file, 'model = "a"\n') as window:
        await window.problems.get()
        assert await window.write('model = "nope"\n') == ("There is no model named 'nope'.",)
        assert window.services.status()["model"] == "a"


async def test_an_unknown_action_model_is_said_and_leaves_the_rest(file: Path) -> None:
    async with following(file) as window:
        await window.problems.get()
        (problem,) = await window.write('model = "a"\naction_model = "gpt-9"\n')
        assert "There is no model named 'gpt-9'" in problem
        assert window.models == [None, "a"]


async def test_routing_to_nobody_is_told_and_to_somebody_holds_at_once(file: Path) -> None:
    wanted = '[routing]\nmode = "low-confidence"\nbackend = "a"\ntasks = ["completion"]\n'
    async with following(file) as window:
        await window.problems.get()
        (problem,) = await window.write(wanted)
        assert problem.startswith(f"{file}: [routing] names a backend 'a' that does not exist")
        backend = '[backends.a]\nprovider = "openai"\nmodel = "m"\n'
        assert await window.write(wanted + backend) == ()
        routing = window.services.status()["routing"]
        assert (routing["mode"], routing["tasks"]) == ("low-confidence", ("completion",))
