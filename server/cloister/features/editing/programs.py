"""Runs a program that the user's own file names on a copy of a text.

The copy lies alone in a private folder and goes away with the program. What a killed process left
is removed by the next one. The program gets no shell, no terminal and nothing of the editor's
environment. It has the locks of the process that starts it: where the kernel keeps that off the
network, it keeps the program off.

Programs run what they find under certain names: Python imports what lies in the folder that it is
started in, others read their configuration beside a file and above it. So the copy does not lie in
that folder, nobody else may write above it, and what could be a configuration has another name.
"""

import asyncio
import os
import pwd
import re
import signal
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cloister.core.errors import CloisterError
from cloister.engine.paths import engine_paths, prepare_directory
from cloister.settings.checks import FILE
from cloister.settings.small_file import read_small_file
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.short_lived import short_lived_folder

MOST_SECONDS = 30.0
_MOST_OUTPUT_BYTES = 1024 * 1024
# A repository can put a folder of its own in front of the editor's.
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
# No module can have this name.
_FOLDER_OF_COPY = "the-copy"
_PLAIN = re.compile(r"[A-Za-z]\w*(?:-\w+)*(?:\.\w+)?", re.ASCII)
_OF_DATA = (".cfg", ".ini", ".json", ".json5", ".jsonc", ".toml", ".xml", ".yaml", ".yml")
_NAME_OF_OTHERS = "checked"
_LONGEST_NAME_CHARS = 200
_FOR_OTHERS_TO_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True, repr=False)
class Ended:
    """How a program ended; `output` and `errors` are bounded, `text` is the copy afterwards."""

    code: int
    output: str
    errors: str
    text: str


def name_of_copy(name: str) -> str:
    """Return what the copy of a file is called: as the file, unless that might mean something.

    No program looks for its configuration in code of a plain name.
    """
    is_plain = len(name) <= _LONGEST_NAME_CHARS and _PLAIN.fullmatch(name)
    if is_plain and not name.lower().endswith(_OF_DATA):
        return name
    kinds = re.findall(r"\.\w{1,20}", name.lstrip("."), re.ASCII)
    return _NAME_OF_OTHERS + "".join(kinds[-2:])


async def run_on_copy(
    words: Sequence[str], name: str, text: str, most_seconds: float = MOST_SECONDS
) -> Ended:
    """Run a command on a file that holds `text`; `name` is one that `name_of_copy` gave.

    Without the file in its words the command gets the text on its standard input. Raises
    CloisterError when the program cannot be started or takes too long; whoever is cancelled ends it
    with all that it started.
    """
    async with _copy(name, text) as copy:
        command = [word.replace(FILE, str(copy)) for word in words]
        is_named = any(FILE in word for word in words)
        try:
            async with asyncio.timeout(most_seconds):
                started_in = copy.parent.parent
                code, output, errors = await _run(command, started_in, "" if is_named else text)
        except TimeoutError as error:
            raise CloisterError(
                f"{words[0]} took longer than {most_seconds:g} s, so nothing was done; remove it "
                "from [checks] in your settings file or choose a faster one."
            ) from error
        except OSError as error:
            raise CloisterError(
                f"{words[0]} cannot be started ({error.strerror}); correct [checks] in your "
                "settings file."
            ) from error
        output, errors = (_about_file(it, copy) for it in (output, errors))
        return Ended(code, output, errors, await asyncio.to_thread(_text_of, copy))


async def _run(command: Sequence[str], folder: Path, text: str) -> tuple[int, str, str]:
    transport, listener = await asyncio.get_running_loop().subprocess_exec(
        _Listener,
        *command,
        cwd=folder,
        env=_environment(Path(command[0]), folder),
        start_new_session=True,
    )
    try:
        stdin = cast("asyncio.WriteTransport", transport.get_pipe_transport(0))
        stdin.write(text.encode("utf-8", "surrogatepass"))
        stdin.write_eof()
        await listener.ended
        return transport.get_returncode() or 0, listener.text(1), listener.text(2)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        transport.close()
        await listener.exited


class _Listener(asyncio.SubprocessProtocol):
    """Keeps the beginning of what a program says, until it and all its children are silent."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.exited, self.ended = loop.create_future(), loop.create_future()
        self._said: dict[int, bytes] = {}

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        said = self._said.get(fd, b"")
        self._said[fd] = said + data[: _MOST_OUTPUT_BYTES - len(said)]

    def process_exited(self) -> None:
        _settle(self.exited)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's call
        _settle(self.ended)

    def text(self, fd: int) -> str:
        """Return what was said on a descriptor."""
        return self._said.get(fd, b"").decode("utf-8", "replace")


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _environment(program: Path, folder: Path) -> dict[str, str]:
    return {
        "HOME": _home() or str(folder),
        # Many programs find their interpreter beside themselves.
        "PATH": f"{program.parent}:{_PROGRAMS}",
        "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
    }


def _home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        # Containers run as users that the system does not know.
        return ""


@asynccontextmanager
async def _copy(name: str, text: str) -> AsyncIterator[Path]:
    stack = ExitStack()
    try:
        yield await asyncio.to_thread(_made, stack, name, text)
    finally:
        # Some programs leave many files.
        await asyncio.to_thread(stack.close)


def _made(stack: ExitStack, name: str, text: str) -> Path:
    try:
        copy = stack.enter_context(_folder()) / _FOLDER_OF_COPY / name
        copy.parent.mkdir(mode=0o700)
        _write(copy, text)
    except OSError as error:
        raise CloisterError(
            f"The result cannot be checked, because no copy of it can be made ({error.strerror})."
        ) from error
    return copy


@contextmanager
def _folder() -> Iterator[Path]:
    with short_lived_folder(_place() / "checks") as folder:
        yield folder


def _place() -> Path:
    """Return a folder of this user above which nobody else may write."""
    paths = engine_paths()
    above = paths.directory.parent.stat()
    if above.st_uid == os.getuid() and not above.st_mode & _FOR_OTHERS_TO_WRITE:
        prepare_directory(paths)
        return paths.directory
    place = current_user_folders().cache / "cloister"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))


def _about_file(said: str, copy: Path) -> str:
    """Return what a program says as if it were about the file, wherever the copy lay."""
    for folder in (str(copy.parent), copy.parent.name):
        said = said.replace(f"{folder}{os.sep}", "")
    return said


def _text_of(copy: Path) -> str:
    """Return what a program left of the copy; empty when it is no text any more."""
    try:
        return read_small_file(copy).decode("utf-8", "surrogatepass")
    except (OSError, ValueError):
        return ""
