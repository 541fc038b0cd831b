import os
import stat
from pathlib import Path

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.engine.paths import EnginePaths, engine_paths, open_log, prepare_directory


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EnginePaths:
    # The names pytest gives its directories are too long for sockets, so they stand below here.
    monkeypatch.chdir(tmp_path)
    return EnginePaths(Path("run"), tmp_path / "state" / "engine.log")


def test_the_session_directory_is_used_when_it_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    found = engine_paths()
    assert found.directory == tmp_path / "cloister"
    assert found.log == tmp_path / "state/cloister/engine.log"
    assert {found.socket.parent, found.instance_lock.parent, found.launch_lock.parent} == {
        found.directory
    }


@pytest.mark.parametrize("value", ["", "relative/path", "/nonexistent/directory"])
def test_without_a_usable_session_directory_the_user_gets_one(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    assert engine_paths().directory.name == f"cloister-{os.getuid()}"


def test_the_directory_of_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 123_456)
    assert engine_paths().directory.name == "cloister-123456"


def test_the_directory_is_made_private_and_kept(paths: EnginePaths) -> None:
    previous = os.umask(0)
    try:
        prepare_directory(paths)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(paths.directory.stat().st_mode) == 0o700
    prepare_directory(paths)


def test_a_directory_open_to_others_is_refused(paths: EnginePaths) -> None:
    paths.directory.mkdir()
    paths.directory.chmod(0o755)
    with pytest.raises(BackendUnavailableError, match="open to other users"):
        prepare_directory(paths)


def test_a_link_is_refused(paths: EnginePaths, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    paths.directory.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BackendUnavailableError, match="open to other users"):
        prepare_directory(paths)


def test_a_file_in_its_place_is_refused(paths: EnginePaths) -> None:
    paths.directory.write_text("")
    with pytest.raises(BackendUnavailableError, match="XDG_RUNTIME_DIR"):
        prepare_directory(paths)


def test_a_directory_of_another_user_is_refused(
    paths: EnginePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_directory(paths)
    monkeypatch.setattr(os, "getuid", lambda: 123_456)
    with pytest.raises(BackendUnavailableError, match="open to other users"):
        prepare_directory(paths)


def test_a_path_too_long_for_a_socket_is_refused_with_the_way_out(tmp_path: Path) -> None:
    long = EnginePaths(Path("/" + "d" * 100), tmp_path / "log")
    with pytest.raises(BackendUnavailableError, match="shorter directory"):
        prepare_directory(long)


def test_the_log_is_private_and_appended_to(paths: EnginePaths) -> None:
    for text in (b"one\n", b"two\n"):
        descriptor = open_log(paths.log)
        os.write(descriptor, text)
        os.close(descriptor)
    assert paths.log.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(paths.log.stat().st_mode) == 0o600


def test_a_large_log_makes_room(paths: EnginePaths) -> None:
    paths.log.parent.mkdir()
    paths.log.write_bytes(b"x" * 1_100_000)
    os.close(open_log(paths.log))
    assert paths.log.stat().st_size == 0
    assert paths.log.with_suffix(".old.log").stat().st_size == 1_100_000
