import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.engine import instance
from cloister.engine.instance import (
    AlreadyRunningError,
    SocketFile,
    claim_socket,
    exclusive,
    is_listening,
)
from cloister.engine.paths import EnginePaths


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EnginePaths]:
    # The names pytest gives its directories are too long for sockets, so they stand below here.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    yield EnginePaths(Path("run"), tmp_path / "log")
    _release_locks(tmp_path)


def _release_locks(folder: Path) -> None:
    """Close the descriptors that an engine would keep for life."""
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink() and str(link.readlink()).startswith(str(folder)):
            os.close(int(link.name))


def test_the_first_one_listens_and_the_second_one_learns_of_it(paths: EnginePaths) -> None:
    assert not is_listening(paths.socket)
    with claim_socket(paths):
        assert is_listening(paths.socket)
        with pytest.raises(AlreadyRunningError):
            claim_socket(paths)


def test_a_socket_left_behind_is_replaced(paths: EnginePaths) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(paths.socket))
    assert paths.socket.exists()
    assert not is_listening(paths.socket)
    with claim_socket(paths):
        assert is_listening(paths.socket)


def test_a_holder_that_never_listens_is_reported(
    paths: EnginePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_PATIENCE_SECONDS", 0.0)
    with (
        exclusive(paths.instance_lock),
        pytest.raises(BackendUnavailableError, match="does not answer"),
    ):
        claim_socket(paths)


def test_a_launch_that_takes_too_long_is_reported(
    paths: EnginePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_PATIENCE_SECONDS", 0.0)
    with (
        exclusive(paths.launch_lock),
        pytest.raises(BackendUnavailableError, match="too long"),
        exclusive(paths.launch_lock),
    ):
        pytest.fail("the lock was held twice")
    with exclusive(paths.launch_lock):
        assert paths.launch_lock.exists()


def test_a_lock_that_cannot_be_opened_is_reported(paths: EnginePaths) -> None:
    paths.instance_lock.mkdir()
    with pytest.raises(BackendUnavailableError, match="cannot be opened"):
        claim_socket(paths)


def test_a_socket_that_cannot_be_made_is_reported(paths: EnginePaths) -> None:
    paths.socket.mkdir()
    with pytest.raises(BackendUnavailableError, match="cannot be made"):
        claim_socket(paths)


def test_a_socket_file_is_removed_only_while_it_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    path.write_text("ours")
    ours = SocketFile.at(path)
    assert ours.exists()
    (tmp_path / "new").write_text("another engine's")
    (tmp_path / "new").replace(path)
    assert not ours.exists()
    ours.remove()
    assert path.read_text() == "another engine's"
    SocketFile.at(path).remove()
    assert not path.exists()
    assert not ours.exists()
