"""Workers may die, hang and be killed; only a file that does it by itself is left out."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from tree_sitter import Parser

from cloister.syntax.languages import grammar, language_named
from cloister.workspace.index import batch, bounds, pool
from cloister.workspace.index.apart import run_apart
from cloister.workspace.index.extract import FileFacts, facts_of
from support.indexed import Planted, everything

FILES = {f"f{n:02}.py": f"def function{n}(): pass\n" for n in range(20)}
DEADLY = "f07.py"


@contextmanager
def parsing(path: str, fate: object) -> Iterator[None]:
    """Let this happen to a worker when it parses the file at `path`."""

    def facts(each: str, source: str) -> FileFacts:
        if each == path:
            assert callable(fate)
            fate()
        return facts_of(each, source)

    with patch.object(batch, "facts_of", facts):
        yield


def crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise RuntimeError("the parser has a bug")


def hang() -> None:
    time.sleep(600)


def spin() -> None:
    while True:
        pass


def grow() -> None:
    taken = []
    while True:
        taken.append(bytes(10_000_000))


def explode() -> None:
    """Have the grammar of C++ take all it can get, in a place where nothing stops it."""
    language = language_named("cpp")
    assert language is not None
    Parser(grammar(language)).parse(b"/a=>" * 10_000)


@pytest.mark.parametrize("fate", [crash, fail, hang, spin, grow, explode])
def test_a_deadly_file_is_left_out_alone(fate: object, tmp_path: Path) -> None:
    with (
        Planted(tmp_path, FILES) as planted,
        parsing(DEADLY, fate),
        patch.object(pool, "_PATIENCE_SECONDS", 2.0 if fate is hang else 60.0),
        patch.object(bounds, "MOST_SECONDS_PER_FILE", 0.5 if fate is spin else 600.0),
    ):
        summary = planted.build()
        assert summary.skipped == {"the parser crashes on it": 1}
        assert planted.index.symbols_in(DEADLY) == []
        assert len(planted.index.recent_files(100)) == len(FILES) - 1


def test_a_deadly_file_is_tried_again_when_it_has_changed(tmp_path: Path) -> None:
    with Planted(tmp_path, FILES) as planted:
        with parsing(DEADLY, crash):
            planted.build()
        (planted.root / DEADLY).write_text("def harmless(): pass\n")
        assert planted.build().skipped == {}
        assert [each.name for each in planted.index.symbols_in(DEADLY)] == ["harmless"]


def test_a_worker_that_somebody_kills_costs_no_file(tmp_path: Path) -> None:
    marker = tmp_path / "killed"

    def crash_once() -> None:
        if not marker.exists():
            marker.touch()
            crash()

    with Planted(tmp_path, FILES) as planted, Planted(tmp_path / "calm", FILES) as calm:
        with parsing(DEADLY, crash_once):
            assert planted.build().skipped == {}
        calm.build()
        assert marker.exists()
        assert everything(planted.index) == everything(calm.index)


def children() -> set[str]:
    """Return the processes that this one started, those of other tests included."""
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for path in lists for pid in path.read_text(encoding="ascii").split()}


def test_no_worker_is_left(tmp_path: Path) -> None:
    others = children()
    with Planted(tmp_path, FILES) as planted, parsing(DEADLY, crash):
        planted.build()
        assert children() <= others


@pytest.mark.parametrize(("fate", "seconds"), [(crash, 60.0), (fail, 60.0), (hang, 0.1)])
def test_work_that_fails_apart_has_no_answer(fate: object, seconds: float) -> None:
    assert callable(fate)
    assert run_apart(fate, seconds) is None


def test_work_apart_has_an_answer() -> None:
    assert run_apart(lambda: {"process": os.getpid()}, 60.0) != {"process": os.getpid()}
