"""Changes of the settings file are noticed, however an editor makes them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from cloister.settings.user_file_watch import watch_user_file


def read(file: Path) -> str:
    return file.read_text() if file.exists() else "gone"


@asynccontextmanager
async def watched(file: Path) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """Watch the file; yields what returns when a text was seen in it after a change."""
    texts: asyncio.Queue[str] = asyncio.Queue()
    watch = asyncio.ensure_future(watch_user_file(file, lambda: texts.put_nowait(read(file))))

    async def wait_for(text: str) -> None:
        while await texts.get() != text:
            pass

    # Its first step begins to watch.
    await asyncio.sleep(0)
    yield wait_for
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


async def test_a_file_in_a_new_folder_is_noticed_when_written_replaced_and_removed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "new" / "cloister" / "config.toml"
    async with watched(file) as wait_for:
        file.write_text("one")
        await wait_for("one")
        other = file.with_name("config.toml~")
        other.write_text("two")
        other.replace(file)
        await wait_for("two")
        file.unlink()
        await wait_for("gone")


async def test_a_change_of_what_a_link_means_is_noticed(tmp_path: Path) -> None:
    first, second = tmp_path / "dotfiles" / "a.toml", tmp_path / "others" / "b.toml"
    for target in (first, second):
        target.parent.mkdir()
        target.write_text(target.stem)
    file = tmp_path / "cloister" / "config.toml"
    file.parent.mkdir()
    file.symlink_to(first)
    async with watched(file) as wait_for:
        first.write_text("changed")
        await wait_for("changed")
        link = file.with_name("link")
        link.symlink_to(second)
        link.replace(file)
        await wait_for("b")


async def test_where_nothing_can_be_watched_it_ends_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    await watch_user_file(tmp_path / "file" / "cloister" / "config.toml", lambda: None)
    assert "is not watched" in caplog.text


async def test_a_link_to_itself_ends_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.symlink_to(file)
    async with watched(file) as wait_for:
        file.unlink()
        file.write_text("mended")
        await wait_for("mended")


async def test_a_change_that_was_made_while_the_watch_began_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("one")

    async def begin_late(*_places: Path, **_options: object) -> AsyncIterator[set[object]]:
        file.write_text("changed")
        yield set()
        await asyncio.Event().wait()

    monkeypatch.setattr("watchfiles.awatch", begin_late)
    async with watched(file) as wait_for:
        await wait_for("changed")
