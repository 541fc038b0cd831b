"""An answer begins at once and goes on in few messages; nothing of it is lost or out of order."""

import pytest

from cloister.core.generation import Chunk, Priority, Timings
from cloister.core.prompt import Prompt
from cloister.engine.messages import EngineMessage, Evaluated, Generate, ModelSource, Wrote
from cloister.engine.reporting import TOGETHER_SECONDS, Report
from cloister.engine.task import ModelAbsent, Task

REQUEST = Generate(7, ModelSource("/m.gguf"), Prompt(()), 9, (), Priority.COMPLETION, "a")
SOON, LATE = TOGETHER_SECONDS / 10, 2 * TOGETHER_SECONDS


def check_messages(read_seconds: float, written_seconds: list[float], expected: list[str]) -> None:
    """Check what is said when reading takes so long, and then each token; R is that it was read."""
    said: list[EngineMessage | ModelAbsent] = []
    now = 0.0
    report = Report(Task(REQUEST, said.append, received=now), lambda: now)
    now += read_seconds
    report.evaluated(Timings(prompt_tokens=1), None)
    for number, seconds in enumerate(written_seconds):
        now += seconds
        report.wrote(Chunk(str(number), 0.5))
    report.flush()
    assert list(map(spelled, said)) == expected


def spelled(message: EngineMessage | ModelAbsent) -> str:
    assert isinstance(message, Evaluated | Wrote)
    assert message.id == REQUEST.id
    return "R" if isinstance(message, Evaluated) else "".join(it.text for it in message.chunks)


@pytest.mark.parametrize(
    ("read_seconds", "written_seconds", "expected"),
    [
        (LATE, [LATE, LATE, LATE], ["R", "0", "1", "2"]),
        (SOON, [SOON, SOON, SOON, SOON], ["R", "0", "123"]),
        (SOON, [SOON, SOON, LATE, SOON], ["R", "0", "12", "3"]),
        (SOON, [], ["R"]),
        (SOON, [LATE], ["R", "0"]),
    ],
)
def test_what_comes_together_is_told_together(
    read_seconds: float, written_seconds: list[float], expected: list[str]
) -> None:
    check_messages(read_seconds, written_seconds, expected)
