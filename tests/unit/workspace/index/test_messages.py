import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.messages import (
    Command,
    WorkerReport,
    WorkerState,
    command_from,
    report_from,
)
from cloister.workspace.index.orders import Orders

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(TEXTS), st.booleans())
def test_a_command_is_read_as_it_was_written(paths: list[str], stop: bool) -> None:  # noqa: FBT001  # hypothesis passes it by name
    command = Command(tuple(paths), stop)
    line = command.line()
    assert line.count("\n") == 1
    assert command_from(line.encode()) == command


@given(st.sampled_from(WorkerState), st.integers(0), st.integers(0), st.integers(0), TEXTS)
def test_a_report_is_read_as_it_was_written(
    state: WorkerState, done: int, total: int, files: int, problem: str
) -> None:
    report = WorkerReport(state, done, total, files, problem)
    assert report_from(report.line().encode()) == report


@given(st.binary())
def test_noise_asks_for_nothing_and_says_nothing(line: bytes) -> None:
    assert command_from(line) == Command()
    assert report_from(line) is None


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"null", b"[" * 100_000, b'{"changed": 3}', b'{"changed": [3, null]}', b"\xff"],
)
def test_what_is_no_command_asks_for_nothing(line: bytes) -> None:
    assert command_from(line) == Command()


@given(st.lists(st.tuples(TEXTS, st.integers(1, 50)), max_size=5))
def test_commands_may_arrive_in_pieces(paths_and_sizes: list[tuple[str, int]]) -> None:
    reading, writing = os.pipe()
    orders = Orders(reading)
    for path, size in paths_and_sizes:
        line = Command((path,)).line().encode()
        for start in range(0, len(line), size):
            os.write(writing, line[start : start + size])
            orders.wait(0)
    assert orders.changed() == list(dict.fromkeys(path for path, _ in paths_and_sizes))
    assert orders.changed() == []
    assert not orders.stopped
    os.close(writing)
    orders.wait(0)
    assert orders.stopped
    os.close(reading)
